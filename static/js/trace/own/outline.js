import { SAMPLE_AXIS } from "../program.js";

/**
 * The network on show as text, to begin with: its parameters, and the sample's row with its target.
 * @param {import("../../state.js").State} state
 * @returns {string}
 */
export function outlineOf({ samples, sample }) {
  const trace = samples.get(sample);
  if (!trace) return "";
  const names = [...trace.program.tensors.filter(({ role }) => role === "W" || role === "b").map(({ name }) => name), "x", "y"];
  return names.map((name) => `${name} = ${listOf(trace, name)}`).join("\n");
}

/** @param {import("../trace.js").Trace} trace @param {string} name */
function listOf(trace, name) {
  const cells = [...trace.cells(name)];
  const { axes } = trace.program.tensor(name);
  const columns = trace.shape(name).at(-1) ?? 1;
  const rows = Array.from({ length: cells.length / columns }, (_, row) => `[${cells.slice(row * columns, (row + 1) * columns).join(", ")}]`);
  return axes.length > 1 && axes[0] !== SAMPLE_AXIS ? `[${rows.join(", ")}]` : rows[0];
}

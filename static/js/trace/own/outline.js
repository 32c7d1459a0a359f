import { isTextbook } from "../../core/notation.js";
import { SAMPLE_AXIS } from "../program.js";
import { nested, turned } from "./tensor.js";

/**
 * The network on show as text, to begin with: its parameters in the notation in force, and the sample's row with its target.
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
  const shape = trace.shape(name);
  const listed = (/** @type {number[]} */ row) => `[${row.join(", ")}]`;
  if (axes.length < 2 || axes[0] === SAMPLE_AXIS) return listed(cells);
  const matrix = isTextbook() ? nested(turned(cells, shape), [...shape].reverse()) : nested(cells, shape);
  return `[${matrix.map(listed).join(", ")}]`;
}

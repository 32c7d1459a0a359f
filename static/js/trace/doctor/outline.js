/**
 * The network shown as text, to begin with: its parameters, and the sample's row with its target.
 * @param {import("../../state.js").State} state
 * @returns {string}
 */
export function outlineOf({ samples, sample }) {
  const trace = samples.get(sample);
  if (!trace) return "";
  const names = [...trace.program.tensors.filter(({ role }) => role === "W" || role === "b").map(({ name }) => name), "x", "y"];
  return names.map((name) => `${name} = ${listOf(trace, name)}`).join("\n");
}

/** @param {import("../program/trace.js").Trace} trace @param {string} name */
function listOf(trace, name) {
  const cells = [...trace.cells(name)];
  const { axes } = trace.program.tensor(name);
  const [rows, columns] = trace.shape(name);
  if (axes.length < 2) return JSON.stringify(cells);
  return JSON.stringify(Array.from({ length: rows }, (_, row) => cells.slice(row * columns, (row + 1) * columns)));
}

/** What its numbers do not say. @param {any} model @returns {Partial<import("./paper.js").Kinds>} */
export function kindsOf({ hidden, output, loss, reduction, l2 }) {
  const choice = (/** @type {any} */ { units: _, activation, ...numbers }) => ({ activation, numbers });
  return { ...(hidden.length > 0 ? { hidden: choice(hidden[0]) } : {}), output: choice(output), loss, reduction, l2, layout: "rows" };
}

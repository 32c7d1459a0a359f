/**
 * Numbers as tables, to be written in any form.
 *
 * @typedef {import("../program/trace.js").Trace} Trace
 * @typedef {(string | number | null)[][]} Table
 */

const INDEX_NAMES = ["i", "j", "k", "l"];

/**
 * The learning curve: what each step saw before its update; before any update, what the current step sees.
 * @param {import("../../state.js").HistoryColumns} history
 * @param {{step: number, loss: number, accuracy: number | null}} next the header of the current step, in batch scope
 * @returns {Table}
 */
export function historyTable({ step, loss, accuracy, held_out_loss: heldOut }, next) {
  const known = step.map((number, at) => [number, loss[at], accuracy[at], heldOut[at]]);
  return [["step", "loss", "accuracy", "held_out_loss"], ...(known.length > 0 ? known : [[next.step, next.loss, next.accuracy, null]])];
}

/**
 * Every cell of every tensor of a step, one a line, with its index as NumPy counts it.
 * @param {{scope: string, trace: Trace}[]} views the batch, and the current sample
 * @returns {Table}
 */
export function stepTable(views) {
  const most = Math.max(...views.flatMap(({ trace }) => trace.program.tensors.map(({ axes }) => axes.length)));
  const names = INDEX_NAMES.slice(0, most);
  const lines = views.flatMap(({ scope, trace }) =>
    trace.program.tensors.flatMap(({ name }) =>
      Array.from(trace.cells(name), (value, cell) => [scope, name, ...indexOf(cell, trace.shape(name), most), value]),
    ),
  );
  return [["scope", "tensor", ...names, "value"], ...lines];
}

/** @param {number} cell @param {number[]} shape @param {number} most @returns {(number | null)[]} */
function indexOf(cell, shape, most) {
  /** @type {(number | null)[]} */
  const index = Array(most).fill(null);
  for (let axis = shape.length - 1, rest = cell; axis >= 0; axis--) {
    index[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}

import { SAMPLE_AXIS } from "../program/program.js";

/**
 * Two steps of one run, number beside number.
 *
 * @typedef {import("../program/trace.js").Trace} Trace
 * @typedef {{what: "loss" | "accuracy" | "cell" | "W" | "dW" | "open", layer: number | null, then: number, now: number}} Line
 *   accuracy and open are shares, W and dW are L2 norms
 */

/**
 * The step that is kept to compare others with, if it is one of the current run: the updates that were done before it.
 * @param {import("../../state.js").State} state
 */
export const keptUpdate = ({ compared, session }) => (compared && compared.session === session?.id ? compared.update : null);

/**
 * @param {Trace} then in batch scope
 * @param {Trace} now in batch scope
 * @returns {Line[]}
 */
export function comparison(then, now) {
  /** @type {Line[]} */
  const lines = [{ what: "loss", layer: null, then: then.header.loss, now: now.header.loss }];
  const [before, after] = [then.header.accuracy, now.header.accuracy];
  if (before !== null && after !== null) lines.push({ what: "accuracy", layer: null, then: before, now: after });
  for (let layer = 1; layer <= now.program.depth; layer++) {
    for (const what of /** @type {const} */ (["W", "dW"])) lines.push({ what, layer, then: normOf(then, what, layer), now: normOf(now, what, layer) });
    if (now.program.hasGate(layer)) lines.push({ what: "open", layer, then: shareOpen(then, layer), now: shareOpen(now, layer) });
  }
  return lines;
}

/**
 * The cell that the reader has selected, in both steps. What belongs to samples is compared in the scope of one, where
 * both steps see the same rows.
 * @param {import("../../state.js").Cell} cell
 * @param {{batch: Trace, sample: Trace | null | undefined}} then
 * @param {{batch: Trace, sample: Trace | null | undefined}} now
 * @returns {{then: number, now: number, isOfSample: boolean} | null}
 */
export function comparedCell({ tensor, index }, then, now) {
  const axes = now.batch.program.byName.get(tensor)?.axes;
  if (!axes || axes.filter((axis) => axis !== SAMPLE_AXIS).length !== index.length) return null;
  const isOfSample = axes.includes(SAMPLE_AXIS);
  const [before, after] = isOfSample ? [then.sample, now.sample] : [then.batch, now.batch];
  if (!before?.program.byName.has(tensor) || !after?.program.byName.has(tensor)) return null;
  let rest = [...index];
  const at = axes.map((axis) => (axis === SAMPLE_AXIS ? 0 : /** @type {number} */ (rest.shift())));
  return { then: before.at(tensor, at), now: after.at(tensor, at), isOfSample };
}

/** @param {Trace} trace @param {"W" | "dW"} role @param {number} layer */
const normOf = ({ header }, role, layer) => header.norms?.[layer][role] ?? NaN;

/** @param {Trace} trace @param {number} layer */
function shareOpen(trace, layer) {
  const mask = trace.named("mask", layer);
  const cells = mask ? trace.cells(mask.name) : [];
  let open = 0;
  for (let cell = 0; cell < cells.length; cell++) open += Number(cells[cell] !== 0);
  return open / cells.length;
}

import { cellsOf, shapeOf } from "./network.js";

/**
 * Where somebody's numbers and the right ones part.
 *
 * @typedef {import("./paper.js").Values} Values
 * @typedef {import("./paper.js").Read} Read
 * @typedef {import("./paper.js").Judged} Judged
 * @typedef {{at: number, index: number[], own: number, right: number}} Difference index in the learner's layout, from 0; at: counted through
 * @typedef {{tensor: string, index: number[], sample: number, own: number, right: number}} Parting a cell of the drawing: index without the
 *   sample axis, and the row of the sample
 */

/** Where nothing was rounded, what the last bits do is no difference. */
const SAME = 1e-9;

/** Halves of the last digit: what the roundings of the steps before may add up to. */
const ROUNDINGS = 4;

/**
 * The cells that differ, the farthest apart first, without those that roundings alone explain if there are others; none where the shapes do not allow to say it.
 * @param {Read} own @param {Values} right
 * @returns {Difference[]}
 */
export function differences({ value, decimals }, right) {
  const [mine, theirs] = [cellsOf(value), cellsOf(right)].map((cells) => cells.map(Number));
  if (mine.length !== theirs.length) return [];
  const shape = shapeOf(right);
  const least = 0.51 * 10 ** -Math.min(decimals, 12);
  const found = mine
    .map((own, at) => ({ at, index: indexOf(at, shape), own, right: theirs[at] }))
    .filter(({ own, right: wanted }) => !(Math.abs(own - wanted) <= Math.max(least, SAME * Math.abs(wanted))))
    .sort((a, b) => apart(b) - apart(a));
  const clear = found.filter((difference) => apart(difference) > ROUNDINGS * least);
  return clear.length > 0 ? clear : found;
}

/** @param {Difference} difference */
const apart = ({ own, right }) => (Number.isFinite(own - right) ? Math.abs(own - right) : Infinity);

/** @param {number} at @param {number[]} shape @returns {number[]} */
function indexOf(at, shape) {
  if (shape.length < 2) return shape.length ? [at] : [];
  return [Math.floor(at / shape[1]), at % shape[1]];
}

/**
 * The first tensor that is wrong by itself, and its cell that is farthest from right. Gradients of single samples carry
 * the 1/m of a mean, which the drawing of a sample does not: there the first gradient of a parameter stands for them.
 * @param {Record<string, Judged>} judged in the order of the computation
 * @param {Record<string, Read>} own
 * @param {{m: number, reduction: string, layout: "rows" | "columns"}} how
 * @returns {Parting | null}
 */
export function partingOf(judged, own, { m, reduction, layout }) {
  for (const [tensor, { status, right }] of Object.entries(judged)) {
    const isOfSamples = /^d?([zap]|mask)\d*$/.test(tensor);
    if (!["wrong", "not_finite"].includes(status) || !(tensor in own) || right === null) continue;
    if (isOfSamples && tensor.startsWith("d") && m > 1 && reduction === "mean") continue;
    const [first] = differences(own[tensor], right);
    if (!first) continue;
    const place = first.index.length === 2 && layout === "columns" ? [...first.index].reverse() : first.index;
    const index = /^db\d+$/.test(tensor) ? [first.at] : isOfSamples ? place.slice(-1) : place;
    return { tensor, index, sample: isOfSamples && place.length === 2 ? place[0] : 0, own: first.own, right: first.right };
  }
  return null;
}

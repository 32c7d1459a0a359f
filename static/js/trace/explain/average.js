import { fraction, mi, mn, mo, row, under } from "../formula/markup.js";
import { isConcealed } from "../program/reveal.js";
import { gradientOfSample, symbol } from "../formula/symbol.js";

/**
 * How the gradients of the samples meet in the gradient of the batch.
 *
 * @typedef {object} Average
 * @property {{sample: number, value: number}[]} gradients
 * @property {number} sum of them
 * @property {number} result the gradient of the batch
 * @property {boolean} isMean else the batch takes the sum
 * @property {import("../formula/markup.js").Markup} left
 * @property {import("../formula/markup.js").Markup} symbols
 */

const TOLERANCE = 1e-4;

/**
 * @param {import("../../state.js").State} state
 * @param {import("./subject.js").Subject} subject
 * @returns {Average | null} null while samples are missing or a lab asks for this gradient, or where the batch is neither their mean nor their sum
 */
export function averageOf(state, { trace, target, place, index }) {
  // Of what is to be predicted, those of the samples are what one predicts it from.
  if (state.timeline && isConcealed(state.timeline, { lab: state.lab }, "batch", target, place)) return null;
  const gradients = [];
  for (let sample = 0; sample < trace.m; sample++) {
    const own = state.samples.get(sample);
    if (!own) return null;
    gradients.push({ sample, value: own.at(target, place) });
  }
  const sum = gradients.reduce((total, { value }) => total + value, 0);
  const result = trace.at(target, index);
  const size = Math.max(...gradients.map(({ value }) => Math.abs(value)));
  const isClose = (/** @type {number} */ value) => Math.abs(value - result) <= TOLERANCE * size;
  const isMean = isClose(sum / trace.m);
  if (!isMean && !isClose(sum)) return null;

  const left = symbol(trace.program, target, index);
  const ofSample = gradientOfSample(trace.program, target, index);
  const total = row(under(mo("\u2211", { largeop: "true", movablelimits: "false" }), mi("n")), ofSample);
  return { gradients, sum, result, isMean, left, symbols: isMean ? row(fraction(mn("1"), mi("m")), total) : total };
}

import { isNear } from "./digits.js";

/**
 * Results that are the right ones times a factor, and what may have put it there.
 *
 * @typedef {import("./tensor.js").Digits} Digits
 * @typedef {{name: string, factor: number, count: number}} Reading name: a text of the language file; count: rows or outputs
 * @typedef {{factor: number, readings: Reading[]}} Factor the factor with its sign, and every reading of its size
 */

/**
 * Every reading of a size that fits: with 2 rows a factor of 2 may be these rows or a square without its one half.
 * @param {string} name of the tensor: gradients and the loss have a mean or a square in them, others but a sign
 * @param {Digits[]} cells
 * @param {number[]} right
 * @param {import("./network.js").Request} request
 * @returns {Factor | null}
 */
export function factorOf(name, cells, right, { batch, model }) {
  const [m, outputs] = [batch.x.length, model.output.units];
  /** @type {Reading[]} */
  const readings = name !== "loss" && !name.startsWith("d") ? [] : [
    { name: "rows_missing", factor: m, count: m },
    { name: "rows_twice", factor: 1 / m, count: m },
    { name: "two", factor: 2, count: 2 },
    { name: "half", factor: 1 / 2, count: 2 },
    { name: "outputs_missing", factor: outputs, count: outputs },
    { name: "outputs", factor: 1 / outputs, count: outputs },
  ];
  const sizes = [1, ...readings.map(({ factor }) => factor)];
  const fitting = sizes.flatMap((size) => [size, -size]).filter((factor) => factor !== 1 && cells.every((own, at) => isNear(own, factor * right[at])));
  if (fitting.length === 0) return null;
  const misfit = (/** @type {number} */ factor) => cells.reduce((sum, { value }, at) => sum + Math.abs(value - factor * right[at]), 0);
  const factor = fitting.reduce((best, each) => (misfit(each) < misfit(best) ? each : best));
  return { factor, readings: readings.filter((reading) => reading.factor === Math.abs(factor) && reading.factor !== 1) };
}

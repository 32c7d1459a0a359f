import { nested } from "../trace/change/exchange.js";

/**
 * Numbers of a step beside the run, as the code of a learner has them: columns are samples, a matrix of weights has a row
 * for each unit above.
 *
 * @typedef {import("../trace/program/trace.js").Trace} Trace
 * @typedef {{name: string, rows: number[][]}} Block
 * @typedef {{parameter: string, index: number[], numeric: number}} Measured
 * @typedef {{tensor: string, mine: number[][], measured: number[][], wrong: number}} Checked wrong: how many numbers differ
 */

/** Two numbers differ by more than a ten-thousandth of the larger one; what is smaller than this is 0 to a difference of losses. */
const SAME = 1e-4;
const NOTHING = 1e-9;

/** @param {any[]} rows @returns {number[][]} */
const transposed = (rows) => rows[0].map((/** @type {unknown} */ _, /** @type {number} */ at) => rows.map((row) => row[at]));

/** A tensor, what is given as it is before what was computed. @param {Trace} trace @param {any} given @param {string} tensor @returns {any} */
const valuesOf = (trace, given, tensor) => given?.[tensor] ?? nested(trace, tensor);

/** @param {any} values @returns {number[][]} */
const columnwise = (values) => (Array.isArray(values[0]) ? transposed(values) : values.map((/** @type {number} */ value) => [value]));

/**
 * @param {Trace} trace
 * @param {{given?: Record<string, any>}} body
 * @param {string} tensor
 * @returns {Block}
 */
export function blockOf(trace, { given }, tensor) {
  const named = tensor === "p" ? (trace.program.byName.has("p") ? "p" : `a${trace.program.depth}`) : tensor;
  return { name: tensor, rows: columnwise(valuesOf(trace, given, named)) };
}

/**
 * Each gradient of this pass beside what nudges measure of the right one.
 * @param {Trace} trace
 * @param {{given?: Record<string, any>}} body
 * @param {Measured[]} cells
 * @returns {Checked[]} from the first layer upwards
 */
export function checked(trace, { given }, cells) {
  const names = [...new Set(cells.map(({ parameter }) => parameter))].sort((one, other) => Number(one.slice(1)) - Number(other.slice(1)) || (one < other ? -1 : 1));
  return names.map((parameter) => {
    const own = cells.filter((cell) => cell.parameter === parameter);
    const mine = valuesOf(trace, given, `d${parameter}`);
    const measured = structuredClone(mine);
    let wrong = 0;
    for (const { index, numeric } of own) {
      const [row, column] = index;
      const found = column === undefined ? mine[row] : mine[row][column];
      if (column === undefined) measured[row] = numeric;
      else measured[row][column] = numeric;
      const largest = Math.max(Math.abs(found), Math.abs(numeric));
      if (Math.abs(found - numeric) > SAME * largest && largest > NOTHING) wrong += 1;
    }
    return { tensor: `d${parameter}`, mine: columnwise(mine), measured: columnwise(measured), wrong };
  });
}

/** What nudges measure of such a step: it takes nothing as given and makes no mistake. @param {any} body */
export const rightOf = ({ model, parameters, batch }) => ({ model: { ...model, mistakes: [] }, parameters, batch });

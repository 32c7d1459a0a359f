import { nested, turned } from "./tensor.js";

/**
 * Two conventions: z = x W with a row of W for each input, or z = W x with a row for each unit. The shape of a square W
 * does not tell which one somebody means, so the step is also computed with it transposed.
 *
 * @typedef {import("./network.js").Request} Request
 * @typedef {import("./compare.js").Right} Right
 */

/** Names of the weights that both conventions fit. @param {Request} request */
export const squareWeights = ({ parameters = {} }) =>
  Object.keys(parameters).filter((name) => name.startsWith("W") && parameters[name].length > 1 && parameters[name].length === parameters[name][0].length);

/**
 * Which matrices else somebody may have transposed: one more, or all. A single number says too little to tell which one.
 * @param {string[]} squares @param {string[]} used transposed already @param {boolean} isScalar
 * @returns {string[][]}
 */
export function otherWays(squares, used, isScalar) {
  const others = squares.filter((name) => !used.includes(name));
  if (others.length === 0) return [];
  return [...(isScalar || others.length === 1 ? [] : others.map((name) => [...used, name])), [...used, ...others]];
}

/**
 * The values of a step by name, with some weights transposed; their gradients as they stand in that convention.
 * @param {Request} request
 * @param {string[]} names of the weights
 * @param {Record<string, any>} given results that are taken as they are
 * @param {(request: any) => Promise<any>} trace POST /trace with detail=micro
 * @returns {Promise<Map<string, Right>>}
 */
export async function answers(request, names, given, trace) {
  const isTurned = (/** @type {string} */ tensor) => names.includes(/W\d+/.exec(tensor)?.[0] ?? "");
  const turnedOf = (/** @type {Record<string, any>} */ arrays) => Object.fromEntries(Object.entries(arrays).map(([name, value]) => [name, isTurned(name) ? transposed(value) : value]));
  const parameters = request.parameters && turnedOf(request.parameters);
  const { micro } = await trace({ ...request, parameters, ...(Object.keys(given).length > 0 ? { given: turnedOf(given) } : {}) });
  return new Map(micro.map((/** @type {any} */ { output, value }) => {
    const found = isTurned(output) ? transposed(value) : value;
    return [output, { shape: shapeOf(found), cells: [found].flat(2) }];
  }));
}

/** @param {number[][]} matrix @returns {number[][]} */
const transposed = (matrix) => nested(turned(matrix.flat(), [matrix.length, matrix[0].length]), [matrix[0].length, matrix.length]);

/** @param {any} value @returns {number[]} */
const shapeOf = (value) => (Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : []);

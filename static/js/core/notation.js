/**
 * How gradients and arrays are written. "code": dW, as in NumPy, rows are samples. "textbook": partial derivatives,
 * columns are samples, matrices transposed. The numbers are the same.
 *
 * @typedef {"code" | "textbook"} Notation
 */

/** @type {Notation[]} */
export const NOTATIONS = ["code", "textbook"];

/** @type {Notation} */
let notation = "code";

export const currentNotation = () => notation;

export const isTextbook = () => notation === "textbook";

/** @param {Notation} name */
export function useNotation(name) {
  notation = name;
}

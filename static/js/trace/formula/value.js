import { OVER, SIGNS } from "./signs.js";

/**
 * The number that a bound formula means.
 *
 * @typedef {import("./bind.js").Bound} Bound
 * @typedef {Map<string, number>} Running letter -> its number
 */

/**
 * Index of a cell once its running letters have numbers.
 * @param {import("./symbol.js").Place[]} places
 * @param {Running} running
 * @returns {number[]}
 */
export const indexAt = (places, running) => places.map((place) => (typeof place === "number" ? place : /** @type {number} */ (running.get(place.letter))));

/**
 * Every way in which the letters can run, the last letter fastest.
 * @param {{letter: string, size: number}[]} variables
 * @param {Running} running
 * @returns {Running[]}
 */
export function runs(variables, running) {
  return variables.reduce(
    (/** @type {Running[]} */ found, { letter, size }) => found.flatMap((before) => Array.from({ length: size }, (_, at) => new Map(before).set(letter, at))),
    [running],
  );
}

/**
 * @param {Bound} expr
 * @param {(tensor: string, index: number[]) => number} at the value of a cell
 * @param {Running} [running]
 * @returns {number}
 */
export function valueOf(expr, at, running = new Map()) {
  if (expr.kind === "number") return expr.value;
  if (expr.kind === "cell") return at(expr.tensor, indexAt(expr.index, running));
  if (expr.kind === "delta") return Number(new Set(indexAt(expr.places, running)).size === 1);
  if (expr.kind === "over") {
    return OVER[expr.sign].value(runs(expr.variables, running).map((now) => valueOf(expr.body, at, now)));
  }
  if (expr.sign === "if") {
    const answer = valueOf(expr.parts[0], at, running);
    return Number.isNaN(answer) ? answer : valueOf(expr.parts[answer ? 1 : 2], at, running);
  }
  const [a, b] = expr.parts.map((part) => valueOf(part, at, running));
  return SIGNS[expr.sign].value(a, b);
}

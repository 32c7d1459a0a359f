/**
 * The number that a bound formula means.
 *
 * @typedef {import("./bind.js").Bound} Bound
 * @typedef {Map<string, number>} Running letter -> its number
 */

/** Signs over a letter by what they do with all its values. @type {Record<string, (values: number[]) => number>} */
export const OVER = {
  sum: (values) => values.reduce((total, value) => total + value, 0),
  max: (values) => Math.max(...values),
  // The first of equal ones; where one is NaN nothing is the largest.
  argmax: (values) => (values.some(Number.isNaN) ? NaN : values.indexOf(Math.max(...values))),
};

/** Signs by what they do. @type {Record<string, (a: number, b: number) => number>} */
const ARITHMETIC = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  // Whether NaN is larger has no answer.
  ">": (a, b) => (Number.isNaN(a) || Number.isNaN(b) ? NaN : Number(a > b)),
  "==": (a, b) => Number(a === b),
  max: Math.max,
  neg: (a) => -a,
  abs: Math.abs,
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sqrt: Math.sqrt,
  trunc: Math.trunc,
};

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
    return OVER[expr.sign](runs(expr.variables, running).map((now) => valueOf(expr.body, at, now)));
  }
  if (expr.sign === "if") {
    const answer = valueOf(expr.parts[0], at, running);
    return Number.isNaN(answer) ? answer : valueOf(expr.parts[answer ? 1 : 2], at, running);
  }
  const [a, b] = expr.parts.map((part) => valueOf(part, at, running));
  return ARITHMETIC[expr.sign](a, b);
}

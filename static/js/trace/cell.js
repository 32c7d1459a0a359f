import { indexUnder, indices, lettersOf, summedLetters } from "./influence.js";

/**
 * Evaluates the `cell` formula of a primitive. Used for single terms (a packet's w a), and for the curve on a gate;
 * results of operations always come from the engine.
 *
 * @typedef {import("./program.js").Expr} Expr
 * @typedef {import("./influence.js").Assignment} Assignment
 * @typedef {{at: (operand: number, index: number[]) => number, sizes: Map<string, number[]>, shape: (operand: number) => readonly number[]}} Operands
 */

/**
 * @param {Expr} expr
 * @param {Assignment} assignment
 * @param {Operands} operands
 * @returns {number}
 */
export function evaluate(expr, assignment, operands) {
  if (typeof expr === "number") return expr;
  const [name, ...rest] = expr;
  if (name === "at") return operands.at(rest[0], indexUnder(rest.slice(1), assignment));
  if (name === "reshaped") {
    const [operand, ...letters] = rest;
    return operands.at(operand, reshapedIndex(indexUnder(letters, assignment), operands.shape(operand)));
  }
  if (name === "delta") return assignment[rest[0]] === assignment[rest[1]] ? 1 : 0;
  if (name === "if") {
    const answer = evaluate(rest[0], assignment, operands);
    return Number.isNaN(answer) ? answer : evaluate(answer ? rest[1] : rest[2], assignment, operands);
  }
  if (name in OVER) {
    const letter = rest[0];
    const values = indices(operands.sizes.get(letter) ?? []).map((index) =>
      evaluate(rest[1], { ...assignment, [letter]: letter === "..." ? index : index[0] }, operands),
    );
    return OVER[name](values);
  }
  const [a, b] = rest.map((/** @type {Expr} */ part) => evaluate(part, assignment, operands));
  return ARITHMETIC[name](a, b);
}

/**
 * The cell of a table that has the number of another one in the table turned the other way, counted row by row.
 * @param {readonly number[]} index in the turned table
 * @param {readonly number[]} shape of the table
 */
export function reshapedIndex([row, column], [rows, columns]) {
  const number = row * rows + column;
  return [Math.floor(number / columns), number % columns];
}

/** Signs over a letter by what they do with all its values. @type {Record<string, (values: number[]) => number>} */
export const OVER = {
  sum: (values) => values.reduce((total, value) => total + value, 0),
  max: (values) => Math.max(...values),
  // The first of equal ones; where one is NaN nothing is the largest.
  argmax: (values) => (values.some(Number.isNaN) ? NaN : values.indexOf(Math.max(...values))),
};

/** Signs by what they do. @type {Record<string, (a: number, b: number) => number>} */
export const ARITHMETIC = {
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
 * What one feeding assignment adds to an output cell: the term of the sum, or the formula itself without a sum.
 * @param {import("./trace.js").Trace} trace
 * @param {import("./program.js").Node} node
 * @param {Assignment} assignment
 * @param {Operands} [operands] for many terms of one node
 */
export function term(trace, node, assignment, operands = operandsOf(trace, node)) {
  const cell = trace.program.primitives[node.op].cell;
  const body = Array.isArray(cell) && cell[0] === "sum" ? cell[2] : cell;
  return evaluate(body, assignment, operands);
}

/**
 * @param {import("./trace.js").Trace} trace
 * @param {import("./program.js").Node} node
 * @returns {Operands}
 */
export function operandsOf(trace, node) {
  return {
    at: (operand, index) => trace.at(node.inputs[operand], index),
    sizes: summedLetters(trace.program, node, trace.m),
    shape: (operand) => trace.shape(node.inputs[operand]),
  };
}

/**
 * The primitive of a node as a function of its first input, other inputs held: the curve of an activation.
 * @param {import("./trace.js").Trace} trace
 * @param {import("./program.js").Node} node an elementwise node
 * @returns {(value: number) => number}
 */
export function curveOf(trace, node) {
  const primitive = trace.program.primitives[node.op];
  const assignment = Object.fromEntries(lettersOf(trace.program, node).output.map((letter) => [letter, /** @type {any} */ ([])]));
  return (value) =>
    evaluate(primitive.cell, assignment, { at: (operand) => (operand === 0 ? value : trace.at(node.inputs[operand])), sizes: new Map(), shape: () => [] });
}

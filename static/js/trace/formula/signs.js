/**
 * The signs of formulas: what each does with numbers and how it is written. One row a sign, for evaluating and printing.
 *
 * @typedef {"sum" | "product" | "fraction" | "negative" | "call" | "root" | "size" | "logarithm" | "list" | "relation"} Form
 * @typedef {object} Sign
 * @property {(a: number, b: number) => number} value
 * @property {Form} form how it stands with its parts
 * @property {number} tightness how tightly it binds; a part that binds less tightly gets parentheses
 * @property {string} [text] how it is written, where not as it is called
 */

/** How tightly a single number or cell binds. */
export const ATOM = 5;

/** @type {Record<string, Sign>} */
export const SIGNS = {
  "+": { value: (a, b) => a + b, form: "sum", tightness: 1 },
  "-": { value: (a, b) => a - b, form: "sum", tightness: 1 },
  "*": { value: (a, b) => a * b, form: "product", tightness: 2 },
  "/": { value: (a, b) => a / b, form: "fraction", tightness: 4 },
  // Whether NaN is larger has no answer.
  ">": { value: (a, b) => (Number.isNaN(a) || Number.isNaN(b) ? NaN : Number(a > b)), form: "relation", tightness: ATOM },
  "==": { value: (a, b) => Number(a === b), form: "relation", tightness: ATOM, text: "=" },
  max: { value: Math.max, form: "list", tightness: 4 },
  neg: { value: (a) => -a, form: "negative", tightness: 1 },
  abs: { value: Math.abs, form: "size", tightness: ATOM },
  exp: { value: Math.exp, form: "call", tightness: 4 },
  log: { value: Math.log, form: "logarithm", tightness: 3, text: "ln" },
  tanh: { value: Math.tanh, form: "call", tightness: 4 },
  sqrt: { value: Math.sqrt, form: "root", tightness: ATOM },
  trunc: { value: Math.trunc, form: "call", tightness: 4 },
};

/** Signs over all values of a letter. @type {Record<string, {value: (values: number[]) => number, tightness: number, text: string, attributes: Record<string, string>}>} */
export const OVER = {
  sum: { value: (values) => values.reduce((total, value) => total + value, 0), tightness: 1, text: "\u2211", attributes: { largeop: "true", stretchy: "false" } },
  max: { value: (values) => Math.max(...values), tightness: 4, text: "max", attributes: {} },
  // The first of equal ones; where one is NaN nothing is the largest.
  argmax: { value: (values) => (values.some(Number.isNaN) ? NaN : values.indexOf(Math.max(...values))), tightness: 4, text: "arg\u2009max", attributes: {} },
};

/** @param {string} sign of two parts or of one */
export const writtenSign = (sign) => SIGNS[sign].text ?? sign;

import { lettersOf } from "../program/influence.js";
import { SAMPLE_AXIS } from "../program/program.js";
import { OVER } from "./signs.js";

/**
 * The `cell` formula of a node at one cell of its output: letters become places, operands become tensors, and
 * intermediate results that are only a summand or a denominator are replaced by their own formulas.
 *
 * @typedef {import("../program/program.js").Expr} Expr
 * @typedef {import("../program/program.js").Node} Node
 * @typedef {import("../program/trace.js").Trace} Trace
 * @typedef {import("./symbol.js").Place} Place
 * @typedef {Record<string, Place[]>} Environment letter -> its places; "..." may have several
 * @typedef {{kind: "number", value: number} | {kind: "cell", tensor: string, index: Place[]}
 *   | {kind: "delta", places: Place[]} | {kind: "over", sign: "sum" | "max" | "argmax", variables: {letter: string, size: number}[], body: Bound}
 *   | {kind: "apply", sign: string, parts: Bound[]}} Bound
 */

const LETTERS = ["i", "j", "k", "l"];
const ANY_AXES = "...";
/** Operands that may be replaced by their own formulas, by sign: summands and denominators. @type {Record<string, number[]>} */
const OPENS = { "+": [0, 1], "-": [0, 1], neg: [0], "/": [1] };

/**
 * @param {Trace} trace
 * @param {Node} node
 * @param {readonly number[]} index of the output cell, all axes
 * @param {Map<string, Node>} parts nodes whose outputs may be replaced by their formulas
 * @returns {Bound}
 */
export function bind(trace, node, index, parts) {
  return simplified(bound(trace, node, [...index], parts, []));
}

/**
 * The formula as it stands, with places of the caller's for its letters.
 * @param {Trace} trace
 * @param {Node} node
 * @param {Expr} expr its `cell` or a part of it
 * @param {Environment} environment
 * @returns {Bound}
 */
export const bindPart = (trace, node, expr, environment) => walked(trace, node, expr, environment, new Map(), []);

/** @param {Trace} trace @param {Node} node @param {Place[]} places @param {Map<string, Node>} parts @param {string[]} taken letters in use */
function bound(trace, node, places, parts, taken) {
  const { output } = lettersOf(trace.program, node);
  const environment = output[0] === ANY_AXES ? { [ANY_AXES]: places } : Object.fromEntries(output.map((letter, axis) => [letter, [places[axis]]]));
  return walked(trace, node, trace.program.primitives[node.op].cell, environment, parts, taken);
}

/** @param {Trace} trace @param {Node} node @param {Expr} whole @param {Environment} environment @param {Map<string, Node>} parts @param {string[]} taken */
function walked(trace, node, whole, environment, parts, taken) {
  const { inputs } = lettersOf(trace.program, node);

  /** @param {Expr} expr @param {Environment} known @param {string[]} used @param {boolean} mayOpen @returns {Bound} */
  const walk = (expr, known, used, mayOpen) => {
    if (typeof expr === "number") return { kind: "number", value: expr };
    const [sign, ...rest] = expr;
    if (sign === "at") {
      const tensor = node.inputs[rest[0]];
      const at = rest.slice(1).flatMap((/** @type {string} */ letter) => known[letter]);
      const part = mayOpen ? parts.get(tensor) : undefined;
      return part ? bound(trace, part, at, parts, used) : { kind: "cell", tensor, index: at };
    }
    if (sign === "reshaped") {
      const [operand, ...letters] = rest;
      const tensor = node.inputs[operand];
      const at = /** @type {number[]} */ (letters.flatMap((/** @type {string} */ letter) => known[letter]));
      return { kind: "cell", tensor, index: reshapedIndex(at, trace.shape(tensor)) };
    }
    if (sign === "delta") return { kind: "delta", places: rest.flatMap((/** @type {string} */ letter) => known[letter]) };
    if (sign in OVER) {
      const axes = axesOf(trace, node, inputs, rest[0]);
      const variables = axes.map((axis) => ({ letter: axis.name === SAMPLE_AXIS ? SAMPLE_AXIS : "", size: axis.size }));
      const names = [...used];
      for (const variable of variables) {
        if (!variable.letter) variable.letter = [rest[0], ...LETTERS].find((letter) => letter !== ANY_AXES && !names.includes(letter)) ?? "l";
        names.push(variable.letter);
      }
      const running = variables.filter(({ letter, size }) => letter !== SAMPLE_AXIS || size > 1);
      const body = walk(rest[1], { ...known, [rest[0]]: variables.map((variable) => (running.includes(variable) ? variable : 0)) }, names, mayOpen);
      return running.length ? { kind: "over", sign, variables: running, body } : body;
    }
    return { kind: "apply", sign, parts: rest.map((part, operand) => walk(part, known, used, OPENS[sign]?.includes(operand) ?? false)) };
  };
  return walk(whole, environment, taken, false);
}

/**
 * The cell of a table that has the number of another one in the table turned the other way, counted row by row.
 * @param {readonly number[]} index in the turned table
 * @param {readonly number[]} shape of the table
 */
function reshapedIndex([row, column], [rows, columns]) {
  const number = row * rows + column;
  return [Math.floor(number / columns), number % columns];
}

/** Axes that a summed letter stands for. @param {Trace} trace @param {Node} node @param {string[][]} inputs @param {string} letter */
function axesOf(trace, node, inputs, letter) {
  const operand = inputs.findIndex((letters) => letters.includes(letter));
  const tensor = trace.program.tensor(node.inputs[operand]);
  const shape = trace.shape(tensor.name);
  const all = tensor.axes.map((name, axis) => ({ name, size: shape[axis] }));
  return letter === ANY_AXES ? all : [all[inputs[operand].indexOf(letter)]];
}

/** @param {Bound} a @param {Bound} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** @param {Bound} expr @param {number} value */
const isNumber = (expr, value) => expr.kind === "number" && expr.value === value;

/**
 * Says the same shorter: `0 if b == 0 else a * b` is `a * b` for all finite numbers, `a if a > c else c` is their maximum.
 * @param {Bound} expr
 * @returns {Bound}
 */
function simplified(expr) {
  if (expr.kind === "over") return { ...expr, body: simplified(expr.body) };
  if (expr.kind !== "apply") return expr;
  const parts = expr.parts.map(simplified);
  const [condition, then, otherwise] = parts;
  if (expr.sign === "if" && condition.kind === "apply") {
    const [left, right] = condition.parts;
    const isGuarded = condition.sign === "==" && isNumber(right, 0) && isNumber(then, 0);
    if (isGuarded && otherwise.kind === "apply" && otherwise.sign === "*" && otherwise.parts.some((factor) => same(factor, left))) return otherwise;
    if (condition.sign === ">" && same(left, then) && same(right, otherwise)) return { kind: "apply", sign: "max", parts: [right, left] };
  }
  return { ...expr, parts };
}

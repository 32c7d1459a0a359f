import { number, shown } from "../../core/format.js";
import { bind } from "./bind.js";
import { mn, plain, withClass } from "./markup.js";
import { Printer } from "./printer.js";
import { symbol } from "./symbol.js";
import { isNext } from "../program/timeline.js";
import { valueOf } from "./value.js";

/**
 * The equation of one cell: in symbols, the same with numbers, the result.
 *
 * @typedef {import("./markup.js").Markup} Markup
 * @typedef {object} Equation
 * @property {Markup} left what is computed
 * @property {string} relation "=" or, for a next value, an arrow
 * @property {Markup[]} symbols summands in symbols
 * @property {Markup[]} numbers the same with numbers
 * @property {string} numbersText those as plain text
 * @property {Markup} result
 * @property {boolean} isResultAlone the numbers are the result already
 * @property {Markup | null} reason why that result, where it is one of several cases
 * @property {boolean} isExact whether the numbers as shown give the result as shown
 * @property {number} value of the result
 * @property {string[]} opened nodes whose formulas stand inside this one, by output
 */

/**
 * @param {import("../program/trace.js").Trace} trace
 * @param {import("../program/program.js").Node} node
 * @param {readonly number[]} index of the output cell, all axes
 * @param {{target?: string, parts?: import("../program/program.js").Node[]}} [options] target: the tensor that the result
 *   counts as; parts: nodes that may be shown inside this formula
 * @returns {Equation}
 */
export function equation(trace, node, index, { target = node.output, parts = [] } = {}) {
  const open = new Map(parts.filter((part) => part !== node).map((part) => [part.output, part]));
  const formula = bind(trace, node, index, open);
  const value = trace.at(target, index);
  const asShown = valueOf(formula, (tensor, at) => shown(trace.at(tensor, at)));
  const numbers = new Printer(trace, true).chunks(formula);
  const isCase = formula.kind === "apply" && formula.sign === "if" && numbers[0].children.length > 1;
  const [chosen, , reason] = /** @type {Markup[]} */ (isCase ? numbers[0].children : [numbers[0]]);
  const isGradient = trace.program.tensor(target).of !== null && node.phase === "backward";
  const result = { ...withClass(mn(number(value)), isGradient ? "result gradient" : "result"), cell: { tensor: target, index: [...index] } };
  return {
    left: symbol(trace.program, target, [...index]),
    relation: isNext(trace.program.tensor(target)) ? "\u2190" : "=",
    symbols: new Printer(trace, false).chunks(formula),
    numbers,
    numbersText: numbers.map(plain).join("").trim(),
    result,
    isResultAlone: numbers.length === 1 && plain(chosen) === number(value),
    reason: reason ?? null,
    // Decimal fractions are not exact in binary: 0.1 + 0.2 - 0.3 is not 0, but the shown digits do give it.
    isExact: shown(asShown) === shown(value) || (value === 0 && Math.abs(asShown) < 1e-12),
    value,
    opened: [...open.keys()].filter((name) => !cellsOf(formula).has(name) && node.inputs.includes(name)),
  };
}

/**
 * The tensors that a formula reads.
 * @param {import("./bind.js").Bound} expr
 * @returns {Set<string>}
 */
export function cellsOf(expr) {
  if (expr.kind === "cell") return new Set([expr.tensor]);
  const inner = expr.kind === "over" ? [expr.body] : expr.kind === "apply" ? expr.parts : [];
  return new Set(inner.flatMap((part) => [...cellsOf(part)]));
}

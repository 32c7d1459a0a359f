import { bind } from "../formula/bind.js";
import { indexAt, runs, valueOf } from "../formula/value.js";

/**
 * Why a result is 0: the factor that makes it so, followed back through gradients to a shut gate or a silent unit.
 *
 * @typedef {import("../formula/bind.js").Bound} Bound
 * @typedef {import("../program/trace.js").Trace} Trace
 * @typedef {{tensor: string, role: string, index: number[]}} Cause
 */

/**
 * @param {Trace} trace
 * @param {import("../program/program.js").Node} node
 * @param {readonly number[]} index of the output cell, all axes
 * @returns {Cause | null} null where the result is not 0, or no factor explains it
 */
export function causeOfZero(trace, node, index) {
  const formula = bind(trace, node, index, new Map());
  if (valueOf(formula, (tensor, at) => trace.at(tensor, at)) !== 0) return null;
  const terms = formula.kind === "over" && formula.sign === "sum" ? runs(formula.variables, new Map()).map((running) => zeros(trace, formula.body, running)) : [zeros(trace, formula, new Map())];
  if (terms.some((causes) => causes.length === 0)) return null;
  const roots = terms.flat().map((cause) => rootOf(trace, cause));
  return roots.find(({ role }) => role === "mask") ?? roots[0];
}

/**
 * The factors of a product that are 0.
 * @param {Trace} trace
 * @param {Bound} expr
 * @param {Map<string, number>} running
 * @returns {Cause[]}
 */
function zeros(trace, expr, running) {
  if (expr.kind === "cell") {
    const index = indexAt(expr.index, running);
    if (trace.at(expr.tensor, index) !== 0) return [];
    return [{ tensor: expr.tensor, role: trace.program.tensor(expr.tensor).role, index }];
  }
  return expr.kind === "apply" && expr.sign === "*" ? expr.parts.flatMap((part) => zeros(trace, part, running)) : [];
}

/** A gradient that is 0 has a cause of its own; anything else is the cause. @param {Trace} trace @param {Cause} cause @returns {Cause} */
function rootOf(trace, cause) {
  const maker = trace.program.maker.get(cause.tensor);
  return maker?.phase === "backward" ? (causeOfZero(trace, maker, cause.index) ?? cause) : cause;
}

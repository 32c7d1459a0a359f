import { bindPart } from "./bind.js";
import { lettersOf } from "../program/influence.js";
import { valueOf } from "./value.js";

/**
 * Numbers from the `cell` formula of a node alone: single terms (a packet's w a), and the curve on a gate. Results of
 * operations always come from the engine.
 *
 * @typedef {import("../program/influence.js").Assignment} Assignment
 * @typedef {import("../program/program.js").Node} Node
 * @typedef {import("../program/trace.js").Trace} Trace
 */

/**
 * What one feeding assignment adds to an output cell: the term of the sum, or the formula itself without a sum.
 * @param {Trace} trace
 * @param {Node} node
 * @param {Assignment} assignment
 */
export function term(trace, node, assignment) {
  const { cell } = trace.program.primitives[node.op];
  const body = Array.isArray(cell) && cell[0] === "sum" ? cell[2] : cell;
  const places = Object.fromEntries(Object.entries(assignment).map(([letter, place]) => [letter, [place].flat()]));
  return valueOf(bindPart(trace, node, body, places), (tensor, index) => trace.at(tensor, index));
}

/**
 * The primitive of a node as a function of its first input, other inputs held: the curve of an activation.
 * @param {Trace} trace
 * @param {Node} node an elementwise node
 * @returns {(value: number) => number}
 */
export function curveOf(trace, node) {
  const nowhere = Object.fromEntries(lettersOf(trace.program, node).output.map((letter) => [letter, []]));
  const formula = bindPart(trace, node, trace.program.primitives[node.op].cell, nowhere);
  return (value) => valueOf(formula, (tensor) => (tensor === node.inputs[0] ? value : trace.at(tensor)));
}

import { isKeptBack } from "../program/reveal.js";
import { isComputed } from "./subject.js";

/**
 * A value and its gradient are made far apart in a step: the way from the one to the other.
 *
 * @typedef {import("../program/timeline.js").Operation} Operation
 * @typedef {object} Way
 * @property {"gradient" | "gate" | "value" | "use"} to
 * @property {string} name of the value
 * @property {import("../../state.js").Cell} cell what to ask about there
 * @property {Operation | null} operation where the step has to be for it; null: where it is
 * @property {number} count operations from here to there
 */

/**
 * @param {import("../../state.js").State} state
 * @param {import("./subject.js").Subject} subject
 * @returns {Way | null} null where nobody asked, while something is to be predicted, or where there is nothing at the other end
 */
export function wayOf(state, subject) {
  const { trace, target, place } = subject;
  const { program } = trace;
  const { role, layer, of } = program.tensor(target);
  if (!state.focus || !state.timeline || isKeptBack(state)) return null;
  if (of !== null && target === `d${of}`) return wayBack(state, program, of, place);
  const isGate = role === "mask";
  const value = isGate ? program.named("z", layer)?.name : target;
  const gradient = `d${value}`;
  if (!value || !program.byName.has(gradient)) return null;
  const operations = state.timeline.operations;
  const at = operations.findIndex(({ scope, output, nodes }) => scope === "sample" && (output === gradient || nodes.some((node) => node.output === gradient)));
  if (at < 0) return null;
  const index = program.tensor(gradient).axes.length > place.length ? [0, ...place] : place;
  const isThere = isComputed(state, subject, gradient, index);
  return { to: isGate ? "gate" : "gradient", name: nameOf(program, value), cell: { tensor: gradient, index: place }, operation: isThere ? null : operations[at], count: at - state.operation };
}

/** A given tensor was made nowhere, so the way leads to where it is used first. @param {import("../../state.js").State} state @param {import("../program/program.js").Program} program @param {string} value @param {number[]} index @returns {Way | null} */
function wayBack({ timeline }, program, value, index) {
  const way = { name: nameOf(program, value), cell: { tensor: value, index }, count: 0 };
  if (program.maker.has(value)) return { ...way, to: "value", operation: null };
  const user = timeline?.operations.find(({ inputs }) => inputs.includes(value));
  return user ? { ...way, to: "use", operation: user } : null;
}

/** @param {import("../program/program.js").Program} program @param {string} value */
const nameOf = (program, value) => program.tensor(value).role.toLowerCase();

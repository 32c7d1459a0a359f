import { SAMPLE_AXIS } from "../program/program.js";
import { typedNumber } from "../../core/number-input.js";
import { indices } from "../program/influence.js";

/**
 * "Predict first": which number of the operation to come is asked for, and whether an answer is right. Pure; read off
 * the values and roles of the trace.
 *
 * @typedef {import("../../state.js").State} State
 * @typedef {"gate" | "sign" | "number"} Kind
 * @typedef {object} Question
 * @property {Kind} kind
 * @property {number} operation its index in the timeline
 * @property {import("../../state.js").Cell} cell what is hidden
 * @property {number} value what it is
 * @property {import("../program/trace.js").Trace} batch the step that it is about
 * @property {number} sample
 *
 * @typedef {{given: string, isRight: boolean, kind: Kind, value: number}} Verdict
 * @typedef {{right: number, asked: number, last: Verdict | null}} Score
 */

/** A number counts as right when it is off by at most this part of it, and what rounding adds. */
const TOLERANCE = 0.05 + 1e-9;

/** What can be chosen where no number is typed, in the order of their keys. @type {Record<Kind, string[]>} */
export const CHOICES = { gate: ["pass", "block"], sign: ["positive", "negative", "zero"], number: [] };

/**
 * The question about an operation; null where nothing is worth asking, as for what is given.
 * @param {State} state
 * @param {number} place index of the operation
 * @returns {Question | null}
 */
export function questionAt(state, place) {
  const { timeline, batch, samples, sample } = state;
  const operation = timeline?.operations[place];
  const trace = operation?.scope === "batch" ? batch : samples.get(sample);
  if (!operation || !batch || !trace || operation.nodes.length === 0) return null;
  const turn = batch.header.step + sample + 7 * place;
  const mask = operation.nodes.find((node) => trace.program.tensor(node.output).role === "mask")?.output;
  const gate = mask === undefined ? null : pick(trace, mask, turn);
  // A gate that lets a part through, as every gate of a smooth activation, neither passes nor blocks.
  const [kind, chosen] = gate && (gate.value === 0 || gate.value === 1)
    ? [/** @type {const} */ ("gate"), gate]
    : [kindOf(trace, operation.output, turn), pick(trace, outcomeOf(trace, operation), turn)];
  return chosen && { kind, ...chosen, operation: place, batch, sample };
}

/** The tensor that the operation is there for: where it makes an activation and its slope, the activation. @param {import("../program/trace.js").Trace} trace @param {import("../program/timeline.js").Operation} operation */
function outcomeOf({ program }, operation) {
  return operation.nodes.find((node) => program.tensor(node.output).role === "a")?.output ?? operation.output;
}

/** Of gradients every other time the sign. @param {import("../program/trace.js").Trace} trace @param {string} name @param {number} turn @returns {Kind} */
function kindOf({ program }, name, turn) {
  const { of } = program.tensor(name);
  return of !== null && name.startsWith(`d${of}`) && turn % 2 === 0 ? "sign" : "number";
}

/**
 * A cell of a tensor, another one each turn.
 * @param {import("../program/trace.js").Trace} trace
 * @param {string} name
 * @param {number} turn
 */
function pick(trace, name, turn) {
  const { axes } = trace.program.tensor(name);
  if (axes.includes(SAMPLE_AXIS) && trace.m > 1) return null;
  const finite = indices(trace.shape(name)).filter((index) => Number.isFinite(trace.at(name, index)));
  if (finite.length === 0) return null;
  const index = finite[turn % finite.length];
  return { cell: { tensor: name, index: index.filter((_, axis) => axes[axis] !== SAMPLE_AXIS) }, value: trace.at(name, index) };
}

/** The answer to a question with choices. @param {Pick<Question, "kind" | "value">} question */
export function answerOf({ kind, value }) {
  if (kind === "gate") return value === 0 ? "block" : "pass";
  return value === 0 ? "zero" : value > 0 ? "positive" : "negative";
}

/**
 * @param {Pick<Question, "kind" | "value">} question
 * @param {string} given a choice, or a number as it was typed
 */
export function isRight(question, given) {
  if (question.kind !== "number") return given === answerOf(question);
  return Math.abs(typedNumber(given) - question.value) <= TOLERANCE * Math.abs(question.value);
}

/**
 * Where the question of a lab comes up by itself: one row for each such place; pure.
 *
 * @typedef {import("../../state.js").State} State
 * @typedef {import("./subject.js").Subject} Subject
 */

/** Layers, the output with them, from which a gradient has a long way. */
const LONG_CHAIN = 4;

/** At a cell, the first that fits. @type {[string, (subject: Subject) => boolean][]} */
const AT_CELLS = [
  ["corner", (subject) => isAtGate(subject) && beside(subject, "derivative_at_zero") !== null && beside(subject, "eps") === null && beside(subject, "z") === 0],
  ["gate", (subject) => isAtGate(subject) && beside(subject, "mask") === 0],
  ["chain", ({ trace: { program }, target }) => program.depth >= LONG_CHAIN && ["da", "dz"].includes(program.tensor(target).role)],
];

/**
 * The lab that asks what a reader of the card may ask now.
 * @param {State} state
 * @param {Subject} subject what the card is about
 * @returns {string | null} its id; null: none, or the answer is still to be given
 */
export function labAtCell(state, subject) {
  if (!isFree(state) || state.question) return null;
  return AT_CELLS.find(([, fits]) => fits(subject))?.[0] ?? null;
}

/**
 * The lab that helps after a verdict on a learner's own numbers.
 * @param {State} state
 * @param {import("../doctor/paper.js").Diagnosis} diagnosis
 */
export function labAfterVerdict(state, { verdict }) {
  return isFree(state) && ["correct", "unknown"].includes(verdict) ? "code" : null;
}

/** Whether all labs are offered: when it is told what has come of the first step. @param {State} state */
export const areLabsOffered = (state) => isFree(state) && state.outcome !== null && state.session?.step === 1;

/** Whether somebody explores the network alone. @param {State} state */
const isFree = ({ lab, isPresenting, isTraining, live }) => !lab && !isPresenting && !isTraining && !live;

/** Whether it is about what a gate of one sample lets through. @param {Subject} subject */
function isAtGate({ trace: { program, m }, target }) {
  const { role, layer } = program.tensor(target);
  return m === 1 && layer !== null && program.hasGate(layer) && ["mask", "dz"].includes(role);
}

/** Another number of the same unit, or of its layer. @param {Subject} subject @param {"z" | "mask" | "derivative_at_zero" | "eps"} role */
function beside({ trace, target, index }, role) {
  const { program } = trace;
  const other = program.named(role, program.tensor(target).layer);
  return other ? trace.at(other.name, other.axes.length > 0 ? index : []) : null;
}

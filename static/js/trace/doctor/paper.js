import { networkOf } from "./network.js";
import { changedInputs } from "./notebook.js";

/**
 * What a learner has brought to one of the doctor's doors, and how it is asked about. Names, values and conventions are
 * the learner's own; the server alone reads notation.
 *
 * @typedef {number | string | null} Value
 * @typedef {Value | Value[] | Value[][]} Values as the learner wrote them: end zeros count
 * @typedef {{value: Values, shape: number[], decimals: number, line: number, written: string}} Read
 * @typedef {{code: string, params: Record<string, any>, text: string}} Said a sentence: its code, and English
 * @typedef {Said & {id: string, choices: (Said & {id: string})[], line: number}} Question
 * @typedef {object} Reading what the server has read
 * @property {Record<string, Read>} tensors by the playground's name
 * @property {Question[]} questions where two readings fit
 * @property {{name: string, line: number}[]} unknown
 * @property {Said[]} notes
 * @property {"rows" | "columns" | null} layout where the text or an answer says it
 *
 * @typedef {{name: string, l2: number, parameters: Record<string, Values>, batch: {x: Values, y: Values}}} Case
 * @typedef {Case & {results?: Record<string, Values>, raised?: string, inputs_after?: {parameters: Record<string, Values>, x?: Values}}} AnsweredCase
 * @typedef {object} Run one thing that was pasted
 * @property {Case | null} asked the case that it answers; null: it brings a network of its own
 * @property {string} text
 * @property {Record<string, string>} answers to the questions, by id
 * @property {Reading | null} reading of this text with these answers
 *
 * @typedef {{id: string, where: string[], numbers: Record<string, number>, explanation: string, wrong_line: string, right_line: string}} Finding
 * @typedef {{status: "right" | "wrong" | "follows" | "shape" | "not_finite" | "missing", relative_error: number | null, ratio: number | string | null, right: Values}} Judged
 * @typedef {object} Diagnosis
 * @property {"correct" | "mistake" | "mistakes" | "undecided" | "unknown" | "incomplete"} verdict
 * @property {Finding[]} mistakes
 * @property {Finding[]} candidates
 * @property {string[][]} alternatives the ids of the candidates, those in one list that only together explain the numbers
 * @property {Case | null} ask_next
 * @property {{id: string, numbers: Record<string, number>, explanation: string}[]} false_alarms
 * @property {{code: string, explanation: string, params: Record<string, any>} | null} pattern
 * @property {{name: string, tensors: Record<string, Judged>, unread: string[]}[]} cases
 * @property {any} model as it was taken
 * @property {Conventions} conventions
 *
 * @typedef {{layout: "rows" | "columns", reduction: string}} Conventions
 * @typedef {{activation: string, numbers: Record<string, number>}} Choice
 * @typedef {{hidden: Choice, output: Choice, loss: string, reduction: string, layout: "rows" | "columns", l2: number,
 *   depth: number, targets: "labels" | "rows"}} Kinds what numbers do not say; depth: hidden layers, targets: how y is held
 */

/** Whether a name says something that is given; all others are results. @param {string} name */
export const isGiven = (name) => name === "x" || name === "y" || /^[Wb]\d+$/.test(name);

/** The last line of a traceback. */
const RAISED = /^\s*\w*(?:Error|Exception|Interrupt)\b.*$/gm;

/** What the code gave, by name. @param {Reading} reading */
export function resultsOf({ tensors }) {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => !isGiven(name)).map(([name, { value }]) => [name, value]));
}

/** What a text must say before it can be compared, and does not. @param {Reading} reading @returns {string[]} */
export function lacking({ tensors }) {
  const depth = Math.max(1, ...Object.keys(tensors).map((name) => Number(/^W(\d+)$/.exec(name)?.[1] ?? 0)));
  const wanted = [...Array.from({ length: depth }, (_, above) => `W${above + 1}`), "x", "y"];
  return wanted.filter((name) => !(name in tensors));
}

/** How the arrays lie: as the text says, else as it was chosen. @param {Run} run @param {Kinds} kinds */
export const layoutOf = ({ asked, reading }, { layout }) => (asked ? layout : (reading?.layout ?? layout));

/**
 * A run as POST /diagnose takes it; without results where the text has none.
 * @param {Run} run that has been read
 * @param {Kinds} kinds
 * @returns {AnsweredCase}
 */
export function answeredCase(run, kinds) {
  const { asked, text, reading } = run;
  const read = /** @type {Reading} */ (reading);
  const results = resultsOf(read);
  const raised = Object.keys(results).length === 0 ? text.match(RAISED)?.at(-1)?.trim() : undefined;
  const answer = raised ? { raised } : { results };
  const after = changedInputs(text);
  if (asked) return { ...asked, ...answer, ...(after && { inputs_after: after }) };
  const { parameters, x, y } = networkOf(read.tensors, layoutOf(run, kinds));
  return { name: "own", l2: kinds.l2, parameters, batch: { x, y }, ...answer };
}

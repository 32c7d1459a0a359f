import { isTextbook } from "../../core/notation.js";
import { averageOf } from "./average.js";
import { cellsOf, equation } from "../formula/formula.js";
import { bind } from "../formula/bind.js";
import { feeders } from "../program/influence.js";
import { SAMPLE_AXIS } from "../program/program.js";
import { arrayName } from "../formula/symbol.js";
import { isConcealed } from "../program/reveal.js";
import { isComputed, subjectOf } from "./subject.js";

/**
 * What the card shows for a state; pure.
 *
 * @typedef {import("./subject.js").Subject} Subject
 * @typedef {{output: string, code: string, isShown: boolean, isPart: boolean, value: number | null}} Line value: of the same cell, where it is known
 * @typedef {{value: number | null, index: number[], place: number[], isLit: boolean, isOutput: boolean}} Cell
 * @typedef {{name: string, isOutput: boolean, isGradient: boolean, label: string, rows: (Cell | null)[][]}} Block label: the name in
 *   the notation in force; rows of cells, null: left out
 * @typedef {object} Explanation
 * @property {Subject} subject
 * @property {Line[]} lines the micro-steps as NumPy
 * @property {import("../formula/formula.js").Equation | null} equation
 * @property {boolean} isKnown whether the result is there at the playhead
 * @property {boolean} areInputsKnown and may be put into the formula: not where a lab asks for what comes out
 * @property {Block[]} blocks
 * @property {import("./average.js").Average | null} average
 */

const MOST_COLUMNS = 5;
const MOST_ROWS = 4;

/** The last answer, and the fields that it was made of: the card, its caption for a class and the narrator ask the same of a state. @type {{state: object, chosen: string | null, explanation: Explanation | null, fields: Set<string | symbol>} | null} */
let last = null;

/**
 * @param {import("../../state.js").State} state is replaced when something changes, never changed
 * @param {string | null} chosen output of the micro-step that the reader picked
 * @returns {Explanation | null}
 */
export function explain(state, chosen) {
  if (last?.state === state && last.chosen === chosen) {
    // They hear of changes of what they have read.
    for (const name of last.fields) void Reflect.get(state, name);
    return last.explanation;
  }
  const fields = new Set();
  const noting = new Proxy(state, { get: (of, name) => (fields.add(name), Reflect.get(of, name)) });
  last = { state, chosen, fields, explanation: explanationOf(noting, chosen) };
  return last.explanation;
}

/** @param {import("../../state.js").State} state @param {string | null} chosen @returns {Explanation | null} */
function explanationOf(state, chosen) {
  const subject = subjectOf(state, chosen);
  if (!subject) return null;
  const { trace, node, target, index, place, operation } = subject;
  const computed = (/** @type {string} */ name, /** @type {number[]} */ at) => isComputed(state, subject, name, at);
  const isKnown = computed(target, index);
  const formula = node && equation(trace, node, index, { target, parts: operation.nodes });
  const lit = litCells(subject, formula?.opened ?? []);
  const isAsked = state.timeline !== null && isConcealed(state.timeline, { lab: state.lab }, operation.scope, target, place);
  const areInputsKnown = !isAsked && [...lit].every(([name, cells]) => name === target || cells.every((at) => computed(name, at)));
  return {
    subject,
    isKnown,
    areInputsKnown,
    equation: formula,
    lines: operation.nodes.map((one) => lineOf(subject, one, formula?.opened ?? [], computed)),
    blocks: [...lit].flatMap(([name, cells]) => blockOf(subject, name, cells, computed)),
    average: operation.segment === "average" && trace.program.tensor(target).role !== "loss" ? averageOf(state, subject) : null,
  };
}

/** @param {Subject} subject @param {import("../program/program.js").Node} node @param {string[]} opened @param {(name: string, at: number[]) => boolean} computed @returns {Line} */
function lineOf({ node: shown, aliases, trace, target, index }, node, opened, computed) {
  const output = aliases.get(node.output) ?? node.output;
  const code = output === node.output ? node.code : output + node.code.slice(node.output.length);
  const isBeside = trace.program.tensor(output).axes.join() === trace.program.tensor(target).axes.join();
  const value = isBeside && computed(output, index) ? trace.at(output, index) : null;
  return { output, code, value, isShown: node === shown, isPart: opened.includes(node.output) };
}

/**
 * The cells that take part, by tensor in reading order, the output last. Micro-steps shown inside the formula give
 * their own inputs instead of their results.
 * @param {Subject} subject
 * @param {string[]} opened
 * @returns {Map<string, number[][]>}
 */
function litCells({ trace, node, target, index, operation }, opened) {
  /** @type {Map<string, number[][]>} */
  const lit = new Map();
  /** @param {import("../program/program.js").Node} one @param {number[]} at */
  const collect = (one, at) => {
    const read = cellsOf(bind(trace, one, at, new Map()));
    for (const { tensor, cells } of feeders(trace.program, one, at, trace.m)) {
      const inner = opened.includes(tensor) ? operation.nodes.find((other) => other.output === tensor) : undefined;
      if (inner) cells.forEach((cell) => collect(inner, cell));
      else if (read.has(tensor)) lit.set(tensor, [...(lit.get(tensor) ?? []), ...cells]);
    }
  };
  if (node) collect(node, index);
  else if (trace.program.tensor(target).role === "x") lit.set(target, trace.program.units(0) ? Array.from({ length: trace.program.units(0) }, (_, unit) => [0, unit]) : []);
  if (!lit.has(target)) lit.set(target, [index]);
  return lit;
}

/**
 * A tensor as rows of cells. Numbers without axes stand in the formula already.
 * @param {Subject} subject
 * @param {string} name
 * @param {number[][]} lit
 * @param {(name: string, index: number[]) => boolean} computed
 * @returns {Block[]}
 */
function blockOf({ trace, target }, name, lit, computed) {
  const { axes, of } = trace.program.tensor(name);
  if (axes.length === 0 && name !== target) return [];
  const shape = trace.shape(name);
  const isSample = axes[0] === SAMPLE_AXIS && trace.m === 1;
  const shown = axes.map((_, axis) => axis).filter((axis) => axis !== 0 || !isSample);
  const [rowAxis, columnAxis] = shown.length > 1 ? shown : [null, shown[0] ?? null];
  const litKeys = new Set(lit.map((index) => index.join()));
  /** @param {number | null} axis @param {number} most */
  const picked = (axis, most) => (axis === null ? [0] : pick(shape[axis], new Set(lit.map((index) => index[axis])), most));
  const rows = picked(rowAxis, MOST_ROWS).map((rowAt) =>
    picked(columnAxis, MOST_COLUMNS).map((columnAt) => {
      if (rowAt === null || columnAt === null) return null;
      const index = axes.map((_, axis) => (axis === rowAxis ? rowAt : axis === columnAxis ? columnAt : 0));
      const value = computed(name, index) ? trace.at(name, index) : null;
      const place = index.filter((_, axis) => axes[axis] !== SAMPLE_AXIS);
      return { value, index, place, isLit: litKeys.has(index.join()), isOutput: name === target };
    }),
  );
  return [{ name, isOutput: name === target, isGradient: of !== null && name.startsWith(`d${of}`), label: arrayName(trace.program, name), rows: isTextbook() ? transposed(rows) : rows }];
}

/** Columns as rows. @template T @param {T[][]} rows @returns {T[][]} */
const transposed = (rows) => rows[0].map((_, column) => rows.map((cells) => cells[column]));

/**
 * Which numbers of a long axis are shown; null where some are left out. Around the one cell that matters, or, where
 * all matter, the ones that the formula shows: the first two and the last.
 * @param {number} size
 * @param {Set<number>} lit
 * @param {number} most
 * @returns {(number | null)[]}
 */
export function pick(size, lit, most) {
  if (size <= most) return Array.from({ length: size }, (_, at) => at);
  if (lit.size !== 1) return [0, 1, null, size - 1];
  const [centre] = lit;
  const span = most - 2;
  const first = Math.min(Math.max(0, centre - Math.floor(span / 2)), size - span);
  const window = Array.from({ length: span }, (_, at) => first + at);
  return [...(first > 0 ? [null] : []), ...window, ...(first + span < size ? [null] : [])];
}

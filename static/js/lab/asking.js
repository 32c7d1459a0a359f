/**
 * What a scene asks, and whether an answer is right: pure.
 *
 * @typedef {string | number | (string | number)[]} Given id of an option, ids of some, a number, or one for each field
 * @typedef {{kind: "choice" | "line" | "many" | "number" | "numbers", options?: any[], right: any, cells?: import("../state.js").Cell[],
 *   rounds?: {trace: string, right: string}[]}} Ask
 * @typedef {{bet?: string, ask?: string, do?: string, title?: string, options: Record<string, string>, switch: Record<string, string>, variants: Record<string, string>, lines: Record<string, string>,
 *   right: string, wrong: Record<string, string>, after: Record<string, string>}} Words of a scene
 */

/** A typed number is right when it is what rounding to four digits gives. */
const TOLERANCE = 5e-4;

/** @param {number} given @param {number} right */
const isTheNumber = (given, right) => Math.abs(given - right) <= TOLERANCE * Math.abs(right);

/** @type {Record<Ask["kind"], (given: any, right: any) => boolean>} */
const IS_RIGHT = {
  choice: (given, right) => given === right,
  line: (given, right) => given === right,
  many: (given, right) => given.length === right.length && right.every((/** @type {string} */ one) => given.includes(one)),
  number: isTheNumber,
  numbers: (given, right) => right.every((/** @type {number} */ one, /** @type {number} */ at) => isTheNumber(given[at], one)),
};

/** @param {Ask} ask @param {Given} given @returns {boolean} */
export const isRight = ({ kind, right }, given) => IS_RIGHT[kind](given, right);

/** The answers of several of which each is wrong, as their words are called. @param {Ask} ask @param {any} given @returns {string[]} */
export function mistakesIn({ kind, right, options = [] }, given) {
  if (kind === "many") return options.filter((one) => given.includes(one) !== right.includes(one));
  if (kind === "numbers") return options.filter((_, at) => !isTheNumber(given[at], right[at]));
  if (kind === "number") return [String(options.find((one) => isTheNumber(given, one)) ?? "any")];
  return [String(given)];
}

/**
 * What is told of an answer; where none was given, what is right. Who has bet on a line hears first what it does.
 * @param {Ask | null | undefined} ask @param {Given | null} given @param {Words} words @param {string} [line]
 * @returns {string[]}
 */
export const feedback = (ask, given, words, line = "") => [...[words.lines[line] ?? []].flat(), ...toldOf(ask, given, words)];

/** @param {Ask | null | undefined} ask @param {Given | null} given @param {Words} words @returns {string[]} */
function toldOf(ask, given, words) {
  if (!ask || given === null || (!ask.rounds && isRight(ask, given))) return [words.right];
  const told = saidOf(ask, given).map((name) => words.wrong[name] ?? wordsOfTheNumber(name, words) ?? words.wrong.any).filter(Boolean);
  return told.length > 0 ? told : [words.right];
}

/** The mistakes to speak of. Among options the words of one say what is right of all: first of one that was chosen. @param {Ask} ask @param {any} given */
function saidOf(ask, given) {
  const mistakes = mistakesIn(ask, given);
  return ask.kind === "many" ? [mistakes.find((name) => given.includes(name)) ?? mistakes[0]] : mistakes;
}

/** An author may write a number in another way: 2.0. @param {string} name @param {Words} words */
const wordsOfTheNumber = (name, { wrong }) => wrong[Object.keys(wrong).find((key) => Number(key) === Number(name)) ?? ""];

/** The cells whose number was typed wrongly. @param {Ask} ask @param {Given} given */
export function wrongCells({ cells = [], options = [], ...ask }, given) {
  const wrong = mistakesIn({ ...ask, options }, given);
  return cells.filter((_, at) => wrong.includes(options[at]));
}

/**
 * The option that a digit stands for in front of a class: none before hands are up.
 * @param {Ask} ask @param {import("../state.js").LabState} now @param {number} number
 * @returns {string | undefined}
 */
export function optionAt({ kind, options }, { beat, areHandsUp, isWandering, answer }, number) {
  const isAsked = !isWandering && (kind !== "line" || beat !== "ask" || answer.line !== undefined);
  const isChosen = isAsked && kind !== "number" && kind !== "numbers";
  return isChosen && (beat !== "ask" || areHandsUp) ? options?.[number - 1] : undefined;
}

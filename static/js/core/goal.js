import { typedNumber } from "./number-input.js";

/**
 * A task for the learner: "loss:0.05", "accuracy:0.9", "held_out_loss:0.3", "step:100", each with words of its own after
 * the number if wanted, or words alone.
 *
 * @typedef {"loss" | "held_out_loss" | "accuracy" | "step"} Measure
 * @typedef {{measure: Measure | null, value: number, words: string}} Goal
 * @typedef {import("../state.js").HistoryColumns} HistoryColumns
 */

export const MEASURES = ["loss", "held_out_loss", "accuracy", "step"];

const MEASURED = /^(loss|held_out_loss|accuracy|step):\s*(\d*[.,]?\d+(?:e[+-]?\d+)?)(%?)(?:\s+(.*))?$/is;

/** @param {string} text @returns {Goal} */
export function goalOf(text) {
  const [, measure, number, percent, words = ""] = MEASURED.exec(text) ?? [];
  if (measure === undefined) return { measure: null, value: 0, words: text };
  return { measure: /** @type {Measure} */ (measure.toLowerCase()), value: typedNumber(number) / (percent ? 100 : 1), words };
}

/**
 * Updates after which a goal was reached for the first time; null where it was not, or where only a person can tell.
 * @param {Goal} goal
 * @param {HistoryColumns} history what each step saw before its update
 * @param {number} taken steps
 */
export function reachedAfter({ measure, value }, history, taken) {
  if (measure === null) return null;
  if (measure === "step") return taken >= value ? value : null;
  const isReached = (/** @type {number | null} */ seen) => seen !== null && (measure === "accuracy" ? seen >= value : seen <= value);
  const place = history[measure].findIndex(isReached);
  return place < 0 ? null : history.step[place] - 1;
}

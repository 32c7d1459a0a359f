import { typedNumber } from "./number-input.js";

/**
 * A task for the learner: "loss:0.05", "accuracy:0.9", "held_out_loss:0.3", "step:100", each with words of its own after
 * the number if wanted, or words alone.
 *
 * @typedef {(typeof QUANTITIES)[number]} Quantity
 * @typedef {{quantity: Quantity | null, value: number, words: string}} Goal
 * @typedef {import("../state.js").HistoryColumns} HistoryColumns
 */

/** What a goal with a number may ask for. */
export const QUANTITIES = /** @type {const} */ (["loss", "held_out_loss", "accuracy", "step"]);

const WITH_NUMBER = new RegExp(`^(${QUANTITIES.join("|")}):\\s*(\\d*[.,]?\\d+(?:e[+-]?\\d+)?)(%?)(?:\\s+(.*))?$`, "is");

/** @param {string} text @returns {Goal} */
export function goalOf(text) {
  const [, quantity, number, percent, words = ""] = WITH_NUMBER.exec(text) ?? [];
  if (quantity === undefined) return { quantity: null, value: 0, words: text };
  return { quantity: /** @type {Quantity} */ (quantity.toLowerCase()), value: typedNumber(number) / (percent ? 100 : 1), words };
}

/**
 * Updates after which a goal was reached for the first time; null where it was not, or where only a person can tell.
 * @param {Goal} goal
 * @param {HistoryColumns} history what each step saw before its update
 * @param {number} taken steps
 */
export function reachedAfter({ quantity, value }, history, taken) {
  if (quantity === null) return null;
  if (quantity === "step") return taken >= value ? value : null;
  const isReached = (/** @type {number | null} */ seen) => seen !== null && (quantity === "accuracy" ? seen >= value : seen <= value);
  const place = history[quantity].findIndex(isReached);
  return place < 0 ? null : history.step[place] - 1;
}

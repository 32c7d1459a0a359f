import { grouped, number, numbers } from "../../core/format.js";

/**
 * @typedef {import("../../lab/asking.js").Ask} Ask
 * @typedef {import("../../lab/asking.js").Words} Words
 */

/** What an option says: its words, or the number that its id is. @param {string | number} id @param {Words} words */
export const nameOf = (id, words) => words.options[id] ?? (Number.isNaN(Number(id)) ? String(id) : answerOf(Number(id)));

/** A large count as texts have it, "100,000"; all else as everywhere. @param {number} value */
const answerOf = (value) => (Number.isInteger(value) && Math.abs(value) >= 1e4 ? grouped(value) : number(value));

/** An answer as a reader would write it. @param {Ask | null} ask @param {import("../../lab/asking.js").Given} given @param {Words} words @returns {string} */
export function spelled(ask, given, words) {
  if (ask?.kind === "numbers") return numbers(/** @type {number[]} */ (given));
  return (Array.isArray(given) ? given : [given]).map((part) => nameOf(part, words)).join(", ");
}

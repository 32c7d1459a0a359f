import { number, numbers } from "../core/format.js";

/** A fact in braces, as in "{trace.dz1[0][1]}". */
const PLACE = /\{([A-Za-z_][\w.[\]]*)\}/g;

/**
 * A text of a lab with the numbers of its facts.
 * @param {string} text
 * @param {import("./expression.js").Facts} facts
 */
export const filled = (text, facts) => text.replace(PLACE, (whole, fact) => shown(facts(fact)) ?? whole);

/** @param {unknown} value @returns {string | null} null: it is not known yet */
function shown(value) {
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return value;
  return Array.isArray(value) && value.every((part) => typeof part === "number") ? `(${numbers(value)})` : null;
}

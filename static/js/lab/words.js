import { number, numbers } from "../core/format.js";

/** A fact in braces, as in "{trace.dz1[0][1]}". */
const PLACE = /\{([A-Za-z_][\w.[\]]*)\}/g;
/** Signs that no line begins or ends with: "h = 2.5", "A >= 0", "0.75 × 0"; "p − y"; and within short brackets, as in "max(0, x)". */
const TIED = / (=|<|>|>=|≤|≥|×(?= [\d(−])) /g;
const TIED_MINUS = / − (?=[A-Za-z]²?(?!\w))/g;
const BRACKET = /\([^()]{1,20}\)/g;

/**
 * A text of a lab with the numbers of its facts.
 * @param {string} text
 * @param {import("./expression.js").Facts} facts
 */
export const filled = (text, facts) => unbroken(text.replace(PLACE, (whole, fact) => shown(facts(fact)) ?? whole));

/** The same with formulas that stay in one line. @param {string} text */
export const unbroken = (text) =>
  text
    .replace(TIED, "\u00a0$1\u00a0")
    .replace(TIED_MINUS, "\u00a0−\u00a0")
    .replace(BRACKET, (part) => part.replace(/([,;]) /g, "$1\u00a0"));

/** @param {unknown} value @returns {string | null} null: it is not known yet */
function shown(value) {
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return value;
  return Array.isArray(value) && value.every((part) => typeof part === "number") ? `(${numbers(value)})` : null;
}

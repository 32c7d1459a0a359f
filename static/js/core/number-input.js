/**
 * Numbers as people type them: with a decimal point or a decimal comma, with the minus of the keyboard or of books.
 *
 * @typedef {object} Limits each left out or null where there is none
 * @property {number | null} [min]
 * @property {number | null} [max]
 * @property {number | null} [above] a number that is too small itself
 * @property {number | null} [below] a number that is too large itself
 * @property {boolean} [isWhole]
 *
 * @typedef {{key: string, params: Record<string, string | number>}} Refusal a text of the language file
 */

const NUMBER = /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i;
/** Such as "1,234.5", "1.234,5" or "1 234": which mark is the decimal one is not for us to say. */
const MANY_MARKS = /^[+-]?\d[\d.,\s'’]*\d$/;

/** Keyboards of Chinese, Japanese and Korean have digits and marks of full width. @param {string} text */
const plain = (text) => text.trim().replace(/[−–]/g, "-").replace(/[\uff01-\uff5e]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0));

/** NaN: it is none. @param {string} text */
export function typedNumber(text) {
  const typed = plain(text);
  const value = NUMBER.test(typed) ? Number(typed.replace(",", ".")) : NaN;
  return Number.isFinite(value) ? value : NaN;
}

/**
 * Why a text is no number that a field takes; null where it takes it.
 * @param {string} text not empty
 * @param {Limits} limits
 * @returns {Refusal | null}
 */
export function refusalOf(text, { min = null, max = null, above = null, below = null, isWhole = false }) {
  const value = typedNumber(text);
  const refuse = (/** @type {string} */ reason, params = {}) => ({ key: `number.${reason}`, params });
  if (Number.isNaN(value)) return refuse(MANY_MARKS.test(plain(text)) ? "marks" : "none", { found: text.trim() });
  if (isWhole && !Number.isInteger(value)) return refuse("whole");
  if (min !== null && max !== null && (value < min || value > max)) return refuse("within", { min, max });
  if (min !== null && value < min) return refuse("least", { min });
  if (max !== null && value > max) return refuse("most", { max });
  if (above !== null && value <= above) return refuse("above", { above });
  if (below !== null && value >= below) return refuse("below", { below });
  return null;
}

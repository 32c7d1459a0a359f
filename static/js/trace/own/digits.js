/**
 * When a number that somebody wrote is right: to the digits that it was written with.
 *
 * @typedef {import("./tensor.js").Own} Own
 * @typedef {import("./tensor.js").Digits} Digits
 */

/** Hand calculations carry roundings on that are not written down. */
const TOLERANCE = 0.005;
/** A fraction has all the digits that there are. */
export const MANY = 15;
/** So many digits in one number say that its neighbours have as many, with zeros at the end. */
const ENOUGH = 3;
/** Of floating point. */
const NOISE = 1e-12;

/** Whether no number has a decimal, nor is a quotient. @param {Own} own */
export const isWhole = ({ cells }) => cells.every(({ decimals }) => decimals === 0 || decimals === Infinity);

/**
 * Numbers with the digits that they were meant with: 0.5 beside 0.1234 is 0.5000, and a tensor of whole numbers is exact.
 * A zero gradient would otherwise round to right.
 * @param {Own[]} own
 * @returns {Own[]}
 */
export function meant(own) {
  const most = Math.max(0, ...own.flatMap(({ cells }) => cells.map(({ decimals }) => (decimals < MANY ? decimals : 0))));
  return own.map((one) => {
    const digits = (/** @type {number} */ decimals) => (isWhole(one) ? Infinity : most >= ENOUGH ? Math.max(decimals, most) : decimals);
    return { ...one, cells: one.cells.map(({ value, decimals }) => ({ value, decimals: digits(decimals) })) };
  });
}

/** What rounding to so many digits may have changed. @param {number} decimals */
const roundingOf = (decimals) => (decimals > 1 ? 10 ** -decimals : decimals === 1 ? 0.05 : 0);

/** Whether numbers sum to 0, but for their rounding. @param {Digits[]} cells */
export const cancel = (cells) => Math.abs(cells.reduce((sum, { value }) => sum + value, 0)) <= cells.reduce((sum, { decimals }) => sum + roundingOf(decimals), 1e-9);

/**
 * @param {Digits} own
 * @param {number} right
 */
export function isNear({ value, decimals }, right) {
  if (Number.isNaN(value) || Number.isNaN(right)) return Number.isNaN(value) && Number.isNaN(right);
  const tolerance = decimals === Infinity ? 0 : Math.max(TOLERANCE * Math.abs(right), roundingOf(decimals));
  return value === right || Math.abs(value - right) <= tolerance + NOISE * Math.max(1, Math.abs(right));
}

/** Round numbers along an axis: pure. */

/** Steps between two ticks, but for a power of ten. */
const STEPS = [1, 2, 5, 10];

/**
 * The smallest round step of which at most this many fit.
 * @param {number} span
 * @param {number} most
 * @param {number} [least] no smaller step is wanted, as 1 where only whole numbers make sense
 */
export function stepOf(span, most, least = 0) {
  const wanted = Math.max(span / most, least, Number.MIN_VALUE);
  const power = 10 ** Math.floor(Math.log10(wanted) + 1e-9);
  return power * /** @type {number} */ (STEPS.find((step) => step * power >= wanted * (1 - 1e-9)));
}

/**
 * Round numbers from low to high, both included where they are round.
 * @param {number} low
 * @param {number} high
 * @param {number} most steps
 * @param {number} [least] step
 * @returns {number[]}
 */
export function ticksOf(low, high, most, least = 0) {
  if (!(high > low)) return [low];
  const step = stepOf(high - low, most, least);
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)) + 0);
}

const RAISED = ["\u2070", "\u00b9", "\u00b2", "\u00b3", "\u2074", "\u2075", "\u2076", "\u2077", "\u2078", "\u2079"];

/** A power of ten as it is read, "10\u207b\u2074"; "1" for its zeroth. @param {number} exponent a whole number */
export function powerOfTen(exponent) {
  if (exponent === 0) return "1";
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => RAISED[Number(digit)]);
  return `10${exponent < 0 ? "\u207b" : ""}${digits}`;
}

/**
 * Heights of labels, moved apart as little as keeps each so far from the next.
 * @param {number[]} heights in any order
 * @param {number} gap
 * @param {number} low
 * @param {number} high
 * @returns {number[]} in the same order
 */
export function spread(heights, gap, low, high) {
  const order = heights.map((_, at) => at).sort((one, other) => heights[one] - heights[other]);
  const placed = [...heights];
  let least = low;
  for (const at of order) {
    placed[at] = Math.max(placed[at], least);
    least = placed[at] + gap;
  }
  let most = high;
  for (const at of order.reverse()) {
    placed[at] = Math.min(placed[at], most);
    most = placed[at] - gap;
  }
  return placed;
}

import { ticksOf } from "./ticks.js";

/**
 * What experiments count or measure, as bars with their intervals. Pure: from the answer of POST /experiments/{name} to shares of a width.
 *
 * @typedef {{count: number, of: number, share: number, low: number, high: number}} Share
 * @typedef {number | "NaN" | "Infinity" | "-Infinity"} Amount as JSON has it
 * @typedef {object} Bar
 * @property {string} id of the variant, or what the experiment calls it
 * @property {number} value
 * @property {number} low
 * @property {number} high its interval
 * @property {Share | null} share null: a loss
 * @property {number | null} expected by theory
 * @property {readonly number[]} dots each replica's own
 *
 * @typedef {{high: number, ticks: number[], kind: "share" | "count" | "loss"}} Scale from 0
 */

/** A share below this is told as a count. */
const RARE = 0.02;

/** @param {Share} share @returns {Omit<Bar, "id" | "expected">} */
const ofShare = (share) => ({ value: share.share, low: share.low, high: share.high, share, dots: [] });

/** @param {{mean: Amount[], low: Amount[], high: Amount[]}} band @param {number} at @param {Amount[]} [own] @returns {Omit<Bar, "id">} */
const ofBand = ({ mean, low, high }, at, own = []) =>
  ({ value: Number(mean[at]), low: Math.max(0, Number(low[at])), high: Number(high[at]), share: null, expected: null, dots: own.map(Number).filter(Number.isFinite) });

/** The bars of an answer that has several. @type {Record<string, (result: any) => Bar[]>} */
const OF_RESULT = {
  "exact-zeros": ({ precisions }) => precisions.map((/** @type {any} */ one) => ({ id: one.dtype, ...ofShare(one.zeros), expected: one.expected })),
  "derivative-at-zero": ({ variants }) =>
    variants.map((/** @type {any} */ one) => ({ id: one.bias === 0 ? `slope:${one.derivative_at_zero}` : `bias:${one.bias}`, ...ofShare(one.solved), expected: null })),
  "born-dead": ({ widths }) => widths.map((/** @type {any} */ one) => ({ id: `width:${one.width}`, ...ofShare(one.dead), expected: one.exact ?? null })),
  initialization: ({ curves }) => curves.map((/** @type {any} */ one) => ({ id: `weights:${one.initializer}`, ...ofBand(one.loss, one.loss.mean.length - 1, one.final_loss) })),
};

/**
 * The steps that replicas were looked at.
 * @param {any} experiment as the state has it
 * @returns {number[] | null} null: it has none
 */
export const stepsOf = (experiment) => (experiment?.name === "replicas" ? (Object.values(experiment.results ?? { only: experiment.result }).find(Boolean)?.step ?? null) : null);

/**
 * A bar for each variant that has been run.
 * @param {any} experiment as the state has it; null: none
 * @param {number} [at] which of its steps
 * @returns {Bar[]}
 */
export function barsOf(experiment, at = -1) {
  if (!experiment) return [];
  const { name, result, results } = experiment;
  if (name !== "replicas") return OF_RESULT[name]?.(result) ?? [];
  return Object.entries(results ?? { only: result }).map(([id, one]) => {
    const last = one.step.length - 1;
    const place = at < 0 ? last : Math.min(at, last);
    return { id, ...ofBand(one.loss, place, place === last ? one.final_loss : []) };
  });
}

/** What a bar reaches at most. @param {Bar} bar */
const topOf = ({ high, value, dots, expected }) => Math.max(...[high, value, expected ?? 0, ...dots].filter(Number.isFinite), 0);

/** How long the longest bar is. Shares go up to all, where they are not rare. @param {Bar[]} bars @param {number} most ticks @returns {Scale} */
export function scaleOf(bars, most) {
  const top = Math.max(0, ...bars.map(topOf));
  if (bars.length > 0 && bars.every(({ share }) => share)) {
    const { of } = /** @type {Share} */ (bars[0].share);
    if (top >= RARE || bars.some(({ share }) => share?.of !== of)) return { high: 1, ticks: [0, 0.25, 0.5, 0.75, 1], kind: "share" };
    const high = Math.max(top, 4 / of) * 1.08;
    return { high, ticks: ticksOf(0, high * of, most, 1).map((count) => count / of), kind: "count" };
  }
  const high = (top || 1) * 1.08;
  return { high, ticks: ticksOf(0, high, most), kind: "loss" };
}

/** In percent of the width; what is not finite fills it. @param {number} value @param {Scale} scale */
export const partOf = (value, { high }) => (Number.isFinite(value) ? Math.min(100, Math.max(0, (100 * value) / high)) : 100);

import { ticksOf } from "./ticks.js";

/**
 * A function and its promise over x: from the step of a 1-1-1 network, whose rows are the grid, to lines in pixels. Pure.
 *
 * @typedef {{x: Float64Array, a: Float64Array, slope: Float64Array}} Grid x in even steps; slope: of the function, at a corner the chosen one
 * @typedef {{value: number, promise: number, error: number, height: number, slope: number}} Kept what a promise says and what became of it; height: f(x0)
 * @typedef {{x0: number, dx: number}} Place
 * @typedef {object} Plot
 * @property {{left: number, right: number, top: number, bottom: number}} box
 * @property {{at: number, x: number}[]} columns
 * @property {{at: number, y: number}[]} rows
 * @property {Float32Array} curve x, y, x, y, ...
 * @property {(x: number) => number} x
 * @property {(y: number) => number} y
 * @property {(x: number) => number} valueAt
 */

/** How far the grids go to both sides, and how fine they are, as server/lessons/grids.py makes them. */
export const REACH = 2;
export const STEP = 1 / 64;
/** With Shift. */
export const LEAP = 1 / 4;

/** Places so near to 0 are read as fractions: numerator and denominator of one; null for all others. @param {number} x @returns {[number, number] | null} */
export function asFraction(x) {
  let [steps, parts] = [x / STEP, 1 / STEP];
  if (steps === 0 || !Number.isInteger(steps) || Math.abs(steps) > 3) return null;
  while (steps % 2 === 0) [steps, parts] = [steps / 2, parts / 2];
  return [steps, parts];
}

/** The nearest place of the grid. @param {number} x */
export const snapped = (x) => Math.round(Math.min(REACH, Math.max(-REACH, x)) / STEP) * STEP + 0;

/** @param {number} x a place of the grid */
const indexOf = (x) => Math.round((x + REACH) / STEP);

/** What the promise at x0 says of x0 + dx, and what is there. @param {Grid} grid @param {Place} place @returns {Kept} */
export function kept({ a, slope }, { x0, dx }) {
  const [here, there] = [indexOf(x0), indexOf(x0 + dx)];
  const promise = a[here] + slope[here] * dx;
  return { height: a[here], slope: slope[here], value: a[there], promise, error: Math.abs(a[there] - promise) };
}

/** Where the slope jumps between two places: nobody sees it in the numbers of a smooth function. @param {Grid} grid @param {Place} place */
export const isOnCorner = ({ slope }, { x0 }) => {
  const at = indexOf(x0);
  return at > 0 && at < slope.length - 1 && Math.abs(slope[at + 1] - slope[at - 1]) > 0.5;
};

/**
 * @param {Grid} grid
 * @param {{width: number, height: number, left: number, right: number, top: number, bottom: number}} room with its margins
 * @returns {Plot}
 */
export function linePlot({ x: across, a, slope }, { width, height, left, right, top, bottom }) {
  const box = { left, right: width - right, top, bottom: height - bottom };
  // A promise leads further than the function goes: no handle takes its point out of the picture.
  const promises = [...across].flatMap((x0, at) => [a[at] + slope[at] * (-REACH - x0), a[at] + slope[at] * (REACH - x0)]);
  const [least, most] = [...a, ...promises].reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [0, 0.5]);
  const margin = 0.06 * (most - least);
  const [low, high] = [least - margin, most + margin];
  const x = (/** @type {number} */ value) => box.left + ((value + REACH) / (2 * REACH)) * (box.right - box.left);
  const y = (/** @type {number} */ value) => box.top + ((high - value) / (high - low)) * (box.bottom - box.top);
  const curve = new Float32Array(2 * across.length);
  across.forEach((at, place) => curve.set([x(at), y(a[place])], 2 * place));
  return {
    box, curve, x, y,
    columns: ticksOf(-REACH, REACH, 4).map((at) => ({ at, x: x(at) })),
    rows: ticksOf(low, high, 4).map((at) => ({ at, y: y(at) })),
    valueAt: (pixel) => ((pixel - box.left) / (box.right - box.left)) * 2 * REACH - REACH,
  };
}

/**
 * Everything but texts and handles. It allocates nothing.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Plot} plot
 * @param {Place} place
 * @param {Kept} promise
 * @param {{grid: string, axis: string, curve: string, promise: string, error: string, surface: string}} colours
 * @param {boolean} isWhole whether the promise is drawn beyond the step, too: where it is asked for it would be the answer
 */
export function drawLine(ctx, plot, { x0, dx }, { height, slope, value, promise, error }, colours, isWhole) {
  const { box, curve, x, y } = plot;
  ctx.lineWidth = 1;
  for (let at = 0; at < plot.rows.length; at++) line(ctx, plot.rows[at].at === 0 ? colours.axis : colours.grid, box.left, plot.rows[at].y, box.right, plot.rows[at].y);
  for (let at = 0; at < plot.columns.length; at++) if (plot.columns[at].at === 0) line(ctx, colours.grid, plot.columns[at].x, box.top, plot.columns[at].x, box.bottom);
  line(ctx, colours.axis, box.left, box.bottom, box.right, box.bottom);
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  ctx.clip();
  ctx.lineJoin = "round";
  ctx.lineWidth = 3;
  ctx.strokeStyle = colours.curve;
  ctx.beginPath();
  for (let at = 0; at < curve.length; at += 2) ctx.lineTo(curve[at], curve[at + 1]);
  ctx.stroke();
  ctx.lineWidth = 2;
  ctx.setLineDash(DASHES);
  const from = isWhole ? -REACH : x0;
  const to = isWhole ? REACH : x0 + dx;
  line(ctx, colours.promise, x(from), y(height + slope * (from - x0)), x(to), y(height + slope * (to - x0)));
  ctx.setLineDash(NO_DASHES);
  ctx.lineWidth = 1;
  line(ctx, colours.axis, x(x0), y(height), x(x0), box.bottom);
  line(ctx, colours.axis, x(x0 + dx), Math.max(y(value), y(promise)), x(x0 + dx), box.bottom);
  if (error > 0) {
    ctx.lineWidth = 4;
    line(ctx, colours.error, x(x0 + dx), y(value), x(x0 + dx), y(promise));
  }
  ctx.restore();
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.left - RIM, box.top - RIM, box.right - box.left + 2 * RIM, box.bottom - box.top + RIM);
  ctx.clip();
  dot(ctx, x(x0), y(height), colours.curve, colours.surface, 6);
  dot(ctx, x(x0 + dx), y(promise), colours.promise, colours.surface, 7);
  dot(ctx, x(x0 + dx), y(value), colours.curve, colours.surface, 4.5);
  ctx.restore();
}

/** Dots at the edge are seen whole. */
const RIM = 9;

const DASHES = [7, 5];
/** @type {number[]} */
const NO_DASHES = [];

/** @param {CanvasRenderingContext2D} ctx @param {string} colour @param {number} x @param {number} y @param {number} toX @param {number} toY */
function line(ctx, colour, x, y, toX, toY) {
  ctx.strokeStyle = colour;
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {string} fill @param {string} rim @param {number} radius */
function dot(ctx, x, y, fill, rim, radius) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = fill;
  ctx.strokeStyle = rim;
  ctx.lineWidth = 1.5;
  ctx.fill();
  ctx.stroke();
}

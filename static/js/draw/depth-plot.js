import { powerOfTen, ticksOf } from "./ticks.js";

/**
 * Sizes of gradients over the layers of deep networks: from the answer of POST /experiments/depth to lines in pixels. Pure.
 *
 * @typedef {number | "NaN" | "Infinity" | "-Infinity"} Logarithm as JSON has it
 * @typedef {{median: Logarithm[], tenth: Logarithm[], ninetieth: Logarithm[]}} Sizes
 * @typedef {{activation: string, initializer: string, dz: Sizes, theory?: Logarithm[] | null}} Curve
 * @typedef {{layer: number[], curves: Curve[]}} Depth
 *
 * @typedef {{median: Float32Array, band: Float32Array, theory: Float32Array, start: number}} Line points as x, y, x, y, ...; start: its height at the first layer
 * @typedef {object} Plot
 * @property {{left: number, right: number, top: number, bottom: number}} box
 * @property {number} low
 * @property {number} high of the logarithms that the box shows
 * @property {number} layers
 * @property {{at: number, y: number, text: string}[]} rows
 * @property {{at: number, x: number}[]} columns
 * @property {Line[]} lines
 */

/** The plot shows at least this many powers of ten, even where all lines are flat. */
const LEAST_SPAN = 1;
/** A line above another one's. */
const ROW = 56;
const COLUMN = 110;

/** @param {Logarithm} value */
const finite = (value) => (typeof value === "number" && Number.isFinite(value) ? [value] : []);

/** What the plot has to show. @param {Curve[]} curves @returns {{low: number, high: number}} */
export function reachOf(curves) {
  const all = curves.flatMap(({ dz, theory }) => [...dz.tenth, ...dz.ninetieth, ...dz.median, ...(theory ?? [])].flatMap(finite));
  const [low, high] = all.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [0, 0]);
  const lack = Math.max(0, LEAST_SPAN - (high - low));
  const margin = 0.04 * (high - low + lack);
  return { low: low - lack - margin, high: high + margin };
}

/**
 * @param {Depth | null} result null: empty axes
 * @param {number} layers
 * @param {{width: number, height: number, left: number, right: number, top: number, bottom: number}} room with its margins
 * @returns {Plot}
 */
export function depthPlot(result, layers, { width, height, left, right, top, bottom }) {
  const box = { left, right: width - right, top, bottom: height - bottom };
  const curves = result?.curves ?? [];
  const { low, high } = curves.length > 0 ? reachOf(curves) : { low: -10, high: 0.4 };
  const x = acrossOf(box, layers);
  const y = (/** @type {Logarithm} */ value) => {
    // All units are 0: below whatever is shown.
    const level = Math.min(high, Math.max(low, Number(value)));
    return box.top + ((high - level) / (high - low)) * (box.bottom - box.top);
  };
  const places = (result?.layer ?? []).map(x);
  const rows = ticksOf(low, high, Math.max(2, Math.floor((box.bottom - box.top) / ROW)), 1).map((at) => ({ at, y: y(at), text: powerOfTen(at) }));
  return { box, low, high, layers, rows, columns: columnsOf(layers, box).map((at) => ({ at, x: x(at) })), lines: curves.map((curve) => lineOf(curve, places, y)) };
}

/** @param {Plot["box"]} box @param {number} layers @returns {(layer: number) => number} */
export const acrossOf = ({ left, right }, layers) => (layer) => (layers === 1 ? right : left + ((layer - 1) / (layers - 1)) * (right - left));

/** The layer under a pixel. @param {Plot} plot @param {number} x */
export const layerAt = ({ box: { left, right }, layers }, x) => Math.round(1 + Math.min(1, Math.max(0, (x - left) / (right - left))) * (layers - 1));

/** Of the layers that were answered, the one that is nearest. @param {number[]} answered in order @param {number} layer @returns {number} its place in them */
export function nearest(answered, layer) {
  let best = 0;
  for (let at = 1; at < answered.length; at++) if (Math.abs(answered[at] - layer) < Math.abs(answered[best] - layer)) best = at;
  return best;
}

/** The first layer, the last one, and round ones between them that come close to neither. @param {number} layers @param {Plot["box"]} box */
function columnsOf(layers, { left, right }) {
  if (layers === 1) return [1];
  const between = ticksOf(1, layers, Math.max(1, Math.floor((right - left) / COLUMN)), 1);
  const apart = (0.6 * COLUMN * (layers - 1)) / (right - left);
  return [1, ...between.filter((at) => at - 1 >= apart && layers - at >= apart), layers];
}

/** @param {Curve} curve @param {number[]} places @param {(value: Logarithm) => number} y @returns {Line} */
function lineOf({ dz, theory }, places, y) {
  const points = (/** @type {Logarithm[]} */ values) => Float32Array.from({ length: 2 * values.length }, (_, at) => (at % 2 === 0 ? places[at >> 1] : y(values[at >> 1])));
  const count = places.length;
  const band = new Float32Array(4 * count);
  for (let at = 0; at < count; at++) {
    band.set([places[at], y(dz.ninetieth[at])], 2 * at);
    band.set([places[count - 1 - at], y(dz.tenth[count - 1 - at])], 2 * (count + at));
  }
  const median = points(dz.median);
  return { median, band, theory: points(theory ?? []), start: median[1] };
}

/**
 * Everything but texts. It allocates nothing.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Plot} plot
 * @param {{grid: string, axis: string, lines: string[], widths: number[], isOld: boolean}} looks isOld: another run is under way
 */
export function drawDepth(ctx, { box, rows, lines }, looks) {
  ctx.lineWidth = 1;
  for (let at = 0; at < rows.length; at++) {
    ctx.strokeStyle = rows[at].at === 0 ? looks.axis : looks.grid;
    ctx.beginPath();
    ctx.moveTo(box.left, Math.round(rows[at].y) + 0.5);
    ctx.lineTo(box.right, Math.round(rows[at].y) + 0.5);
    ctx.stroke();
  }
  ctx.strokeStyle = looks.axis;
  ctx.beginPath();
  ctx.moveTo(box.left, box.bottom + 0.5);
  ctx.lineTo(box.right, box.bottom + 0.5);
  ctx.stroke();
  const opacity = looks.isOld ? 0.3 : 1;
  ctx.lineJoin = "round";
  for (let at = 0; at < lines.length; at++) {
    ctx.fillStyle = looks.lines[at];
    ctx.globalAlpha = 0.16 * opacity;
    path(ctx, lines[at].band);
    ctx.fill();
  }
  for (let at = 0; at < lines.length; at++) {
    ctx.strokeStyle = looks.lines[at];
    ctx.globalAlpha = opacity;
    ctx.lineWidth = looks.widths[at];
    path(ctx, lines[at].median);
    ctx.stroke();
  }
  ctx.setLineDash(DASHES);
  for (let at = 0; at < lines.length; at++) {
    ctx.strokeStyle = looks.lines[at];
    ctx.lineWidth = 1.5;
    path(ctx, lines[at].theory);
    ctx.stroke();
  }
  ctx.setLineDash(NO_DASHES);
  ctx.globalAlpha = 1;
}

const DASHES = [2, 5];
/** @type {number[]} */
const NO_DASHES = [];

/** @param {CanvasRenderingContext2D} ctx @param {Float32Array} points */
function path(ctx, points) {
  ctx.beginPath();
  for (let at = 0; at < points.length; at += 2) ctx.lineTo(points[at], points[at + 1]);
}

import { curveOf } from "../../trace/formula/cell.js";

/**
 * The plot of a layer's activation: its curve in a window around all z of the batch. In px from the centre of a gate,
 * for a gate of half size 1.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("../../draw/geometry.js").Point} Point
 * @typedef {object} GatePlot
 * @property {(z: number) => number} f the activation
 * @property {number} range the window goes from -range to range
 * @property {(z: number, a: number) => Point} at
 * @property {(half: number) => string} curve the points of a polyline for a gate of this half size
 * @property {(z: number, slope: number, half: number) => {x1: number, y1: number, x2: number, y2: number} | null} tangent
 *   the chosen slope at z; null where the curve itself shows it
 */

/** Room between the curve and the frame, as a part of half the gate. */
const INSET = 0.26;
const POINTS = 48;

/** @type {WeakMap<import("../../trace/program/trace.js").Trace, Map<number, GatePlot | null>>} */
const plots = new WeakMap();

/** The forward node that makes a of a layer. @param {Scene} scene @param {number} layer */
const activationNode = (scene, layer) => scene.program.maker.get(scene.program.named("a", layer)?.name ?? "");

/**
 * @param {Scene} scene
 * @param {number} layer
 * @returns {GatePlot | null} null where no single input makes a
 */
export function gatePlotOf(scene, layer) {
  const values = scene.isLive ? scene.trace : scene.batch;
  let own = plots.get(values);
  if (!own) plots.set(values, (own = new Map()));
  let plot = own.get(layer);
  if (plot === undefined) own.set(layer, (plot = scene.program.hasGate(layer) ? plotOf(scene, values, layer) : null));
  return plot;
}

/** @param {Scene} scene @param {import("../../trace/program/trace.js").Trace} values @param {number} layer @returns {GatePlot | null} */
function plotOf(scene, values, layer) {
  const node = activationNode(scene, layer);
  const z = scene.program.named("z", layer);
  if (!node || !z) return null;
  const f = curveOf(values, node);
  const range = Math.max(1, ...[...values.cells(z.name)].filter(Number.isFinite).map(Math.abs)) * 1.15;
  const inputs = Array.from({ length: POINTS + 1 }, (_, k) => (2 * k / POINTS - 1) * range);
  const outputs = inputs.map(f);
  const high = Math.max(...outputs.filter(Number.isFinite), 1e-9);
  // A curve that never falls below 0 stands a little above the bottom.
  const low = Math.min(...outputs.filter(Number.isFinite), -high / 3);
  const span = 1 - INSET / 2;
  const clip = (/** @type {number} */ part) => Math.max(-1, Math.min(1, part));
  const at = (/** @type {number} */ input, /** @type {number} */ output) => ({
    x: clip(input / range) * (1 - INSET),
    y: -clip((2 * (output - low)) / (high - low) - 1) * span + 0.03,
  });
  const points = inputs.map((input, k) => at(input, outputs[k]));
  /** @type {Map<number, string>} */
  const curves = new Map();
  return {
    f,
    range,
    at,
    curve(half) {
      let curve = curves.get(half);
      if (curve === undefined) curves.set(half, (curve = points.map(({ x, y }) => `${(x * half).toFixed(1)},${(y * half).toFixed(1)}`).join(" ")));
      return curve;
    },
    tangent(input, slope, half) {
      const step = range * 1e-4;
      const [left, right] = [f(input) - f(input - step), f(input + step) - f(input)].map((rise) => rise / step);
      if (Math.abs(left - right) < 1e-3 && (slope === 0 || slope === 1)) return null;
      const centre = at(input, f(input));
      const [dx, dy] = [(1 - INSET) / range, (-2 * slope * span) / (high - low)];
      const length = 0.32 / Math.hypot(dx, dy);
      return { x1: (centre.x - dx * length) * half, y1: (centre.y - dy * length) * half, x2: (centre.x + dx * length) * half, y2: (centre.y + dy * length) * half };
    },
  };
}

/**
 * How wide a gate is open, 0 to 1.
 * @param {number | null} slope
 */
export const opening = (slope) => (slope === null || Number.isNaN(slope) ? 0 : Math.min(1, Math.abs(slope)));

/** The kind of a gate, for its looks. @param {number | null} slope */
export const kindOf = (slope) => (slope === null ? "unknown" : slope === 0 ? "shut" : opening(slope) === 1 ? "open" : "part");

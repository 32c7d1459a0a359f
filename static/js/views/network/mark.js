import { svg } from "../../vendor/lit.js";
import { kindOf, widthOf } from "./edges.js";

/**
 * The mark on what the card was asked about: a halo along an edge, a ring around anything else. Who asks about a
 * gradient sees what it is the gradient of.
 *
 * @typedef {import("./scene.js").Scene} Scene
 */

/** Between a thing and its ring, in px. */
const AIR = 5;
/** How much wider than its edge a halo is. */
const HALO = 10;
/** Half the height of a bias's tab. */
const TAB = 10;

/** @param {Scene} scene */
export function markTemplate(scene) {
  const { state, program } = scene;
  if (!state.focus || scene.isLive || !program.byName.has(state.focus.tensor)) return "";
  const { tensor, index } = state.focus;
  const { role, layer, name } = program.tensor(program.root(tensor));
  if (role === "W" && layer !== null && index.length === 2) return edgeMark(scene, layer, name, index);
  const place = index.length === 1 ? placeOf(scene, role, layer, index[0]) : null;
  if (!place) return "";
  const { x, y, width, height, round } = place;
  return svg`<rect class="pick ring" x=${x - width - AIR} y=${y - height - AIR} width=${2 * (width + AIR)} height=${2 * (height + AIR)} rx=${round + AIR}></rect>`;
}

/** @param {Scene} scene @param {number} layer @param {string} name @param {number[]} index */
function edgeMark(scene, layer, name, [i, j]) {
  const { isGradient, at } = scene.edgeValues(layer, name);
  const value = at([i, j]);
  const width = widthOf(value) * (scene.geometry.detail === "full" ? 1 : 0.55);
  const path = scene.geometry.edgePath(layer, i, j);
  return svg`<path class="pick halo" d=${path} stroke-width=${width + HALO}></path>
    <path class="pick edge ${kindOf(value, isGradient)}" d=${path} stroke-width=${width}></path>`;
}

/**
 * Where a cell of a layer is drawn: its middle, half of its size.
 * @param {Scene} scene @param {string} role @param {number | null} layer @param {number} unit
 */
function placeOf({ geometry, program, depth }, role, layer, unit) {
  const { w, r, bar } = geometry;
  const circle = { width: w, height: r, round: r };
  const isOutput = role === "y" || (role === "a" && layer === depth) || role === "dp" || role === "dp_sample";
  if (role === "x" && unit < program.units(0)) return { ...geometry.a(0, unit), ...circle };
  if (isOutput) return { ...geometry.a(depth, unit), width: bar.width / 2, height: bar.height / 2, round: 4 };
  if (layer === null || unit >= program.units(layer)) return null;
  if (role === "z") return { ...geometry.z(layer, unit), ...circle };
  if (role === "a") return { ...geometry.a(layer, unit), ...circle };
  if (role === "mask") return { ...geometry.gateCentre(layer, unit), width: geometry.gate / 2, height: geometry.gate / 2, round: 8 };
  if (role !== "b") return null;
  const { x, y } = geometry.bias(layer, unit);
  return { x, y: y - 2, width: w, height: TAB, round: TAB };
}

import { signed } from "../../core/format.js";
import { widthIn } from "./fonts.js";
import { gradientSign, tabOf, tabWidth } from "./units.js";

/**
 * What stands in the drawing as boxes that a label should not touch.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {{x: number, y: number, halfWidth: number, halfHeight: number}} Box around its middle
 */

/** Beside a unit, and beside what is written above and below it. */
const AIR = 4;
/** So far down a unit its tab goes. */
const TAB = 8;

/**
 * Units with what stands above and below them, each as wide as it is: no label may touch these.
 * @param {Scene} scene
 * @returns {Box[]}
 */
export function unitBoxes(scene) {
  const { geometry, program, depth } = scene;
  return Array.from({ length: depth + 1 }, (_, layer) =>
    Array.from({ length: program.units(layer) }, (_, unit) => {
      const role = layer === 0 ? "x" : "z";
      const first = boxesAt(scene, geometry.z(layer, unit), tabRoom(scene, layer, unit), gradientRoom(scene, role, layer, unit));
      return layer === 0 || layer === depth ? first : [...first, ...boxesAt(scene, geometry.a(layer, unit), 0, gradientRoom(scene, "a", layer, unit))];
    }),
  ).flat(2);
}

/** @param {Scene} scene @param {import("../../draw/geometry.js").Point} centre @param {number} over @param {number} under widths of what stands there */
function boxesAt({ geometry: { r, w, margins: { above, below } } }, { x, y }, over, under) {
  return [
    { x, y, halfWidth: w + AIR, halfHeight: r + 2 },
    { x, y: y - r - (above - TAB) / 2, halfWidth: Math.max(w, over / 2 + AIR), halfHeight: (above + TAB) / 2 },
    ...(under ? [{ x, y: y + r + below / 2, halfWidth: under / 2 + AIR, halfHeight: below / 2 }] : []),
  ];
}

/** @param {Scene} scene @param {number} layer @param {number} unit */
function tabRoom(scene, layer, unit) {
  const name = layer > 0 && scene.hasTabs && scene.hasBiases ? scene.program.named("b", layer)?.name : undefined;
  return name ? tabWidth(scene, tabOf(scene, name, unit).text) : 0;
}

/** @param {Scene} scene @param {string} role @param {number} layer @param {number} unit */
function gradientRoom(scene, role, layer, unit) {
  if (scene.scope === "batch" || !scene.geometry.hasTabs) return 0;
  const gradient = layer === 0 ? scene.value("dx", [unit]) : scene.role(`d${role}`, layer, [unit]);
  return gradient === null ? 0 : widthIn(scene, "label", `${scene.geometry.detail === "full" ? gradientSign(role) : ""}${signed(gradient)}`);
}

/** By how much two boxes lie upon each other, in square px. @param {Box} a @param {Box} b */
export function overlap(a, b) {
  const width = a.halfWidth + b.halfWidth - Math.abs(a.x - b.x);
  const height = a.halfHeight + b.halfHeight - Math.abs(a.y - b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

import { placeOf } from "../../../draw/places.js";

/**
 * Which unit a cell belongs to.
 *
 * @typedef {import("../scene.js").Scene} Scene
 * @typedef {import("../../../state.js").Cell} Cell
 * @typedef {{layer: number, unit: number, from: number | null}} Selected from: the unit above, where a weight is meant
 */

/**
 * @param {Scene} scene
 * @param {Cell | null} cell
 * @returns {Selected | null}
 */
export function selectedBy(scene, cell) {
  const place = cell && scene.program.byName.has(cell.tensor) ? placeOf(scene.program, cell.tensor, cell.index) : null;
  if (!place || place.spot === "loss" || place.index.length === 0) return null;
  const isEdge = place.spot === "edge";
  return { layer: place.layer, unit: place.index[isEdge ? 1 : 0], from: isEdge ? place.index[0] : null };
}

/** What was looked at last stays in the large picture. */
const last = { program: /** @type {unknown} */ (null), layer: 1, unit: 0 };

/**
 * The unit whose weights are shown large: under the pointer, else selected, else the last one.
 * @param {Scene} scene
 * @returns {Selected}
 */
export function unitInLens(scene) {
  const chosen = selectedBy(scene, scene.state.focus);
  const found = [selectedBy(scene, scene.state.hover), chosen].find((selected) => selected && selected.layer > 0);
  if (found) Object.assign(last, { program: scene.program, layer: found.layer, unit: found.unit });
  else if (last.program !== scene.program) Object.assign(last, { program: scene.program, layer: 1, unit: 0 });
  return { layer: last.layer, unit: last.unit, from: found?.from ?? null };
}

/**
 * The unit whose own map is looked at.
 *
 * @typedef {{layer: number, unit: number}} Lens layer from 1, unit from 0
 */

/** Roles of cells that belong to one unit. */
const OF_A_UNIT = ["z", "a", "mask", "da", "dz", "b", "db"];

/**
 * The hidden unit that the reader has selected in the drawing, by any of its numbers.
 * @param {import("../../state.js").State} state
 * @returns {Lens | null}
 */
export function selectedUnit({ focus, batch }) {
  const tensor = focus && batch?.program.byName.get(focus.tensor);
  if (!tensor || !batch || tensor.layer === null || tensor.layer < 1 || tensor.layer >= batch.program.depth) return null;
  return OF_A_UNIT.includes(tensor.role) && focus.index.length === 1 ? { layer: tensor.layer, unit: focus.index[0] } : null;
}

/** @param {Lens} lens as the server names it */
export const nameOfUnit = ({ layer, unit }) => `${layer}:${unit}`;

/** @param {string} name @returns {Lens | null} */
export function unitOf(name) {
  const [layer, unit] = name.split(":").map(Number);
  return name ? { layer, unit } : null;
}

/** The largest size of a value, for a scale that is symmetric around 0. @param {number[][]} values */
export function reach(values) {
  let largest = 0;
  for (const row of values) for (const value of row) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest;
}

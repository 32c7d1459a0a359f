/**
 * What stands in the drawing as boxes that a label should not touch.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {{x: number, y: number, halfWidth: number, halfHeight: number}} Box around its middle
 */

/**
 * Units with what stands above and below them: no label may touch these.
 * @param {Scene} scene
 * @returns {Box[]}
 */
export function unitBoxes({ geometry, program, depth }) {
  const { above, below, beside } = geometry.margins;
  const halfHeight = geometry.r + (above + below) / 2;
  return Array.from({ length: depth + 1 }, (_, layer) =>
    Array.from({ length: program.units(layer) }, (_, unit) => {
      const spots = layer < depth ? [geometry.z(layer, unit), geometry.a(layer, unit)] : [geometry.z(layer, unit)];
      return spots.map(({ x, y }) => ({ x, y: y + (below - above) / 2, halfWidth: geometry.w + beside, halfHeight }));
    }),
  ).flat(2);
}

/** By how much two boxes lie upon each other, in square px. @param {Box} a @param {Box} b */
export function overlap(a, b) {
  const width = a.halfWidth + b.halfWidth - Math.abs(a.x - b.x);
  const height = a.halfHeight + b.halfHeight - Math.abs(a.y - b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

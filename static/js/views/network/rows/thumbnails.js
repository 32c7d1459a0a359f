/**
 * What the small pictures show: the weights into a unit, or their gradient once it is known.
 *
 * @typedef {import("../scene.js").Scene} Scene
 * @typedef {import("../../../draw/tiles.js").Tile} Tile
 * @typedef {"value" | "gradient" | "unknown"} Kind
 * @typedef {{tensor: string, kind: Kind, cells: ArrayLike<number> | null, scale: number}} Picture
 */

/** @type {WeakMap<ArrayLike<number>, number>} */
const scales = new WeakMap();

/** The largest finite size among numbers; 1 where all are 0. @param {ArrayLike<number>} cells */
export function scaleOf(cells) {
  let scale = scales.get(cells);
  if (scale === undefined) {
    scale = 0;
    for (let cell = 0; cell < cells.length; cell++) {
      const size = Math.abs(cells[cell]);
      if (size > scale && size !== Infinity) scale = size;
    }
    scales.set(cells, (scale ||= 1));
  }
  return scale;
}

/**
 * The numbers of a tensor, the same object for the same trace so that its scale is found once.
 * @type {WeakMap<import("../../../trace/program/trace.js").Trace, Map<string, ArrayLike<number>>>}
 */
const kept = new WeakMap();

/** @param {import("../../../trace/program/trace.js").Trace} trace @param {string} name */
export function cellsOf(trace, name) {
  let tensors = kept.get(trace);
  if (!tensors) kept.set(trace, (tensors = new Map()));
  let cells = tensors.get(name);
  if (!cells) tensors.set(name, (cells = trace.cells(name)));
  return cells;
}

/** @param {Scene} scene @param {string} name */
const nextOf = (scene, name) => scene.program.tensors.find((tensor) => tensor.of === name && tensor.role === "next")?.name;

/** @param {Scene} scene @param {string} name */
export const gradientOf = (scene, name) => (scene.program.byName.has(`d${name}`) ? `d${name}` : undefined);

/**
 * What a parameter's picture shows for one unit now. By the step, it turns to the gradient when that arrives, and back to
 * the value when that moves; a person may hold either.
 * @param {Scene} scene
 * @param {string} name of a parameter, or x
 * @param {number} unit last number of the cells' index
 * @returns {Picture}
 */
export function pictureOf(scene, name, unit) {
  const { thumbnails } = scene.state;
  const next = nextOf(scene, name);
  const hasMoved = next !== undefined && !scene.isLive && scene.isKnownIn("batch", next, unit);
  const isGradient = thumbnails === "gradients" || (thumbnails === "step" && !scene.isLive && !hasMoved);
  const gradient = isGradient ? gradientOf(scene, name) : undefined;
  if (gradient) {
    const picture = known(scene, gradient, unit);
    if (picture) return { tensor: gradient, kind: "gradient", ...picture };
    if (thumbnails === "gradients") return { tensor: gradient, kind: "unknown", cells: null, scale: 1 };
  }
  if (scene.isLive) return { tensor: name, kind: "value", ...whole(scene.trace, name) };
  if (hasMoved) return { tensor: next, kind: "value", cells: cellsOf(scene.batch, next), scale: scaleOf(cellsOf(scene.batch, name)) };
  return { tensor: name, kind: "value", ...whole(scene.batch, name) };
}

/** The gradient of the sample; in the phases of the batch its mean alone, once it is known. @param {Scene} scene @param {string} name @param {number} unit */
function known(scene, name, unit) {
  if (scene.isLive) return null;
  if (scene.isKnownIn("batch", name, unit)) return whole(scene.batch, name);
  return scene.scope === "sample" && scene.isKnownIn("sample", name, unit) ? whole(scene.trace, name) : null;
}

/** @param {import("../../../trace/program/trace.js").Trace} trace @param {string} name */
const whole = (trace, name) => ({ cells: cellsOf(trace, name), scale: scaleOf(cellsOf(trace, name)) });

/**
 * The tile of the weights into a unit (or of its bias), from (x, y) its upper left corner.
 * @param {Scene} scene
 * @param {Picture} picture
 * @param {number} layer @param {number} unit
 * @param {{x: number, y: number, width: number, height: number, columns: number, rows: number}} place
 * @returns {Tile}
 */
export function unitTile(scene, { cells, scale }, layer, unit, place) {
  const stride = scene.program.units(layer);
  return { ...place, cells, scale, offset: unit, stride, count: cells ? cells.length / stride : 0, isInk: false };
}

import { drawTiles, ramp } from "../../../draw/tiles.js";
import { colour, currentTheme } from "../../../core/theme.js";
import { channels, sharp } from "../../palette.js";
import { inputPicture, lensGrid } from "./pictures.js";
import { pictureOf, unitTile } from "./thumbnails.js";

/**
 * The canvas below the rows: all pictures in one go.
 *
 * @typedef {import("../scene.js").Scene} Scene
 * @typedef {import("../../../draw/rows-geometry.js").RowsGeometry} RowsGeometry
 */

/** @type {{theme: string, colours: import("../../../draw/tiles.js").Colours} | null} */
let kept = null;

/** @param {string} theme */
function coloursOf(theme) {
  if (kept?.theme === theme) return kept.colours;
  const of = (/** @type {string} */ role) => ramp(channels(colour(role)));
  const colours = { positive: of("positive"), negative: of("negative"), ink: of("ink"), paper: colour("surface"), broken: colour("problem"), line: colour("line") };
  kept = { theme, colours };
  return colours;
}

/**
 * What stands on a canvas already.
 * @type {WeakMap<HTMLCanvasElement, {tiles: import("../../../draw/tiles.js").Tile[], colours: unknown, ratio: number}>}
 */
const painted = new WeakMap();

/** @param {HTMLCanvasElement} canvas @param {Scene} scene @param {import("./selection.js").Selected} lens */
export function paintPictures(canvas, scene, lens) {
  const { width, height } = scene.geometry;
  const now = { tiles: tilesOf(scene, lens), colours: coloursOf(currentTheme()), ratio: devicePixelRatio * scene.scale };
  const before = painted.get(canvas);
  const isSame = before?.colours === now.colours && before.ratio === now.ratio && before.tiles.length === now.tiles.length && now.tiles.every((tile, place) => isSameTile(tile, before.tiles[place]));
  if (isSame) return;
  painted.set(canvas, now);
  drawTiles(sharp(canvas, width, height, scene.scale), now.tiles, now.colours);
}

/** @param {import("../../../draw/tiles.js").Tile} a @param {import("../../../draw/tiles.js").Tile} b */
const isSameTile = (a, b) =>
  a.cells === b.cells && a.offset === b.offset && a.scale === b.scale && a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height && a.columns === b.columns && a.isInk === b.isInk;

/** @param {Scene} scene @param {import("./selection.js").Selected} lens */
export function tilesOf(scene, lens) {
  const { program, depth } = scene;
  const geometry = /** @type {RowsGeometry} */ (scene.geometry);
  const input = inputPicture(scene);
  const { box, columns, rows } = geometry.image;
  const own = { columns, rows, cells: input.cells, scale: input.scale, stride: 1, count: program.units(0), isInk: geometry.isImage && input.kind === "value" };
  /** @type {import("../../../draw/tiles.js").Tile[]} */
  const tiles = scene.scope === "batch" ? samplesTiles(scene, own) : [{ ...box, ...own, offset: input.offset }];
  for (let layer = 1; layer <= depth; layer++) {
    const { thumb, bias } = geometry.blocks[layer - 1];
    const [W, b] = [program.named("W", layer), program.named("b", layer)];
    for (let unit = 0; unit < program.units(layer); unit++) {
      const y = geometry.z(layer, unit).y - thumb.height / 2;
      if (W) tiles.push(unitTile(scene, pictureOf(scene, W.name, unit), layer, unit, { ...thumb, y }));
      if (b && bias) tiles.push(unitTile(scene, pictureOf(scene, b.name, unit), layer, unit, { ...bias, y, height: thumb.height, columns: 1, rows: 1 }));
      if (W && geometry.hasLens && lens.layer === layer && lens.unit === unit) {
        const grid = lensGrid(scene, layer);
        tiles.push(unitTile(scene, pictureOf(scene, W.name, unit), layer, unit, { ...grid.box, columns: grid.columns, rows: grid.rows }));
      }
    }
  }
  return tiles;
}

/** Every sample of the batch, small. @param {Scene} scene @param {Omit<import("../../../draw/tiles.js").Tile, "x" | "y" | "width" | "height" | "offset">} own */
function samplesTiles(scene, own) {
  const { box } = /** @type {RowsGeometry} */ (scene.geometry).image;
  const across = Math.ceil(Math.sqrt(scene.batch.m));
  const [width, height] = [box.width / across, box.height / across];
  return Array.from({ length: scene.batch.m }, (_, row) => ({
    ...own, offset: row * own.count, x: box.x + (row % across) * width + 1, y: box.y + Math.floor(row / across) * height + 1, width: width - 2, height: height - 2,
  }));
}

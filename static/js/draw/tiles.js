/**
 * Numbers as small signed cells: weights, gradients and inputs as pictures. Pure: (context, tiles, colours) -> pixels.
 *
 * @typedef {object} Tile
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {number} columns
 * @property {number} rows
 * @property {ArrayLike<number> | null} cells null: not computed
 * @property {number} offset of the tile's first cell
 * @property {number} stride from one of its cells to the next
 * @property {number} scale size that has the full colour
 * @property {number} count of its cells
 * @property {boolean} isInk whether positive numbers are ink on paper, as in an image
 *
 * @typedef {{positive: string[], negative: string[], ink: string[], paper: string, broken: string, line: string}} Colours
 *   ramps from nothing to the full colour
 */

/** Steps of a ramp. */
export const LEVELS = 32;

/**
 * A ramp from nothing to a colour.
 * @param {[number, number, number]} channels
 * @returns {string[]}
 */
export const ramp = ([r, g, b]) => Array.from({ length: LEVELS + 1 }, (_, level) => `rgb(${r} ${g} ${b} / ${(level / LEVELS).toFixed(3)})`);

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {readonly Tile[]} tiles
 * @param {Colours} colours
 */
export function drawTiles(ctx, tiles, colours) {
  for (const tile of tiles) {
    if (tile.cells === null) continue;
    const { x, y, width, height, columns, rows, count } = tile;
    ctx.fillStyle = colours.paper;
    ctx.fillRect(snap(x), snap(y), snap(x + width) - snap(x), snap(y + height) - snap(y));
    for (let cell = 0; cell < count; cell++) {
      const colour = colourOf(tile.cells[tile.offset + cell * tile.stride], tile, colours);
      if (colour === null) continue;
      const column = cell % columns;
      const row = (cell - column) / columns;
      const [left, top] = [snap(x + (column * width) / columns), snap(y + (row * height) / rows)];
      ctx.fillStyle = colour;
      ctx.fillRect(left, top, snap(x + ((column + 1) * width) / columns) - left, snap(y + ((row + 1) * height) / rows) - top);
    }
  }
}

/** Whole pixels, so that neighbours leave no seam. @param {number} at */
const snap = (at) => Math.round(at);

/** @param {number} value @param {Tile} tile @param {Colours} colours */
function colourOf(value, { scale, isInk }, colours) {
  if (!Number.isFinite(value)) return colours.broken;
  const level = Math.min(LEVELS, Math.ceil((Math.abs(value) / scale) * LEVELS));
  if (value === 0 || level === 0) return null;
  return (value < 0 ? colours.negative : isInk ? colours.ink : colours.positive)[level];
}

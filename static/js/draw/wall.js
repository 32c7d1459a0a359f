import { drawTiles } from "./tiles.js";

/**
 * The samples of a batch side by side, each with what the network says of it: where no plane can be drawn.
 *
 * @typedef {{cells: ArrayLike<number>, offset: number, said: string, isRight: boolean | null, share: number | null, isShown: boolean}} Exhibit
 *   one sample: its input as cells of a tensor; isRight and share (the probability of the true class): null where numbers are learned
 * @typedef {{size: number, count: number, columns: number, rows: number, scale: number, isInk: boolean}} Hall count of the cells of an input
 * @typedef {import("./tiles.js").Colours & {right: string, wrong: string, quiet: string, text: string}} WallColours
 */

/** Between two samples, and below each for what is said of it, in px; where the wall is small, for its bar alone. */
const ROOMY = { gap: 8, line: 14 };
const SMALL = { gap: 4, line: 6 };

/** The left upper corner of each sample's place, and what all have in common. @param {number} samples @param {number} size */
function placesOf(samples, size) {
  // As many in a row as there are rows.
  const across = Math.ceil(Math.sqrt(samples));
  const sideWith = (/** @type {number} */ gap) => (size + gap) / across - gap;
  const hasWords = sideWith(ROOMY.gap) >= 3 * ROOMY.line;
  const { gap, line } = hasWords ? ROOMY : SMALL;
  const side = sideWith(gap);
  return { side, gap, line, hasWords, places: Array.from({ length: samples }, (_, at) => ({ x: (at % across) * (side + gap), y: Math.floor(at / across) * (side + gap) })) };
}

/** Whether the answer of the network stands below each sample in words too, beside the bar. @param {number} samples @param {number} size */
export const areNamed = (samples, size) => placesOf(samples, size).hasWords;

/** The sample at a pixel, or null. @param {number} samples @param {number} size @param {number} x @param {number} y */
export function sampleAt(samples, size, x, y) {
  const { side, gap, places } = placesOf(samples, size);
  const found = places.findIndex((place) => x >= place.x && x < place.x + side + gap && y >= place.y && y < place.y + side + gap);
  return found < 0 ? null : found;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Exhibit[]} exhibits
 * @param {Hall} hall
 * @param {WallColours} colours
 */
export function drawWall(ctx, exhibits, { size, count, columns, rows, scale, isInk }, colours) {
  ctx.fillStyle = colours.paper;
  ctx.fillRect(0, 0, size, size);
  const { side, line: below, hasWords, places } = placesOf(exhibits.length, size);
  const room = side - below;
  const unit = room / Math.max(columns, rows);
  const [width, height] = [unit * columns, unit * rows];
  const tiles = exhibits.map(({ cells, offset }, at) => ({ x: places[at].x, y: places[at].y, width, height, columns, rows, cells, offset, stride: 1, count, scale, isInk }));
  drawTiles(ctx, tiles, colours);
  ctx.font = "700 12px sans-serif";
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  exhibits.forEach(({ said, isRight, share, isShown }, at) => {
    const { x, y } = places[at];
    const line = y + room + below / 2 + 1;
    const colour = isRight === null ? colours.text : isRight ? colours.right : colours.wrong;
    let left = x;
    if (hasWords) {
      // Not by the colour alone.
      const text = isRight === false ? `\u2715${said}` : said;
      ctx.fillStyle = colour;
      ctx.fillText(text, x, line);
      left = x + ctx.measureText(text).width + 5;
    }
    if (share !== null && left < x + room) {
      ctx.fillStyle = colours.quiet;
      ctx.fillRect(left, line - 2.5, x + room - left, 5);
      ctx.fillStyle = colour;
      ctx.fillRect(left, line - 2.5, (x + room - left) * Math.min(1, Math.max(0, share)), 5);
    }
    if (!isShown) return;
    ctx.strokeStyle = colours.text;
    ctx.lineWidth = 2;
    ctx.strokeRect(Math.max(1, x - 2), Math.max(1, y - 2), width + 4 - Math.max(0, 3 - x), height + 4 - Math.max(0, 3 - y));
  });
}

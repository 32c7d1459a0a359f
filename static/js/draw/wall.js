import { drawTiles } from "./tiles.js";

/**
 * The samples of a batch side by side, each with what the network says of it: where no plane can be drawn.
 *
 * @typedef {{cells: ArrayLike<number>, offset: number, said: string, isRight: boolean | null, share: number | null, isShown: boolean}} Exhibit
 *   one sample: its input as cells of a tensor; isRight and share (the probability of the true class): null where numbers are learned
 * @typedef {{size: number, count: number, columns: number, rows: number, scale: number, isInk: boolean}} Hall count of the cells of an input
 * @typedef {import("./tiles.js").Colours & {right: string, wrong: string, quiet: string, text: string}} WallColours
 */

/** Between two samples, and below each for what is said of it, in px. */
const GAP = 8;
const LINE = 14;

/** The left upper corner and the side of each sample's place. @param {number} samples @param {number} size */
function placesOf(samples, size) {
  // As many in a row as there are rows.
  const across = Math.ceil(Math.sqrt(samples));
  const side = (size + GAP) / across - GAP;
  return Array.from({ length: samples }, (_, at) => ({ x: (at % across) * (side + GAP), y: Math.floor(at / across) * (side + GAP), side }));
}

/** The sample at a pixel, or null. @param {number} samples @param {number} size @param {number} x @param {number} y */
export function sampleAt(samples, size, x, y) {
  const found = placesOf(samples, size).findIndex((place) => x >= place.x && x < place.x + place.side + GAP && y >= place.y && y < place.y + place.side + GAP);
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
  const places = placesOf(exhibits.length, size);
  const room = places[0].side - LINE;
  const unit = room / Math.max(columns, rows);
  const [width, height] = [unit * columns, unit * rows];
  const tiles = exhibits.map(({ cells, offset }, at) => ({ x: places[at].x, y: places[at].y, width, height, columns, rows, cells, offset, stride: 1, count, scale, isInk }));
  drawTiles(ctx, tiles, colours);
  const hasWords = room >= 2 * LINE;
  ctx.font = "700 12px sans-serif";
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  exhibits.forEach(({ said, isRight, share, isShown }, at) => {
    const { x, y } = places[at];
    const line = y + room + LINE / 2 + 1;
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

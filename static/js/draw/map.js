import { drawMark } from "./marks.js";

/**
 * The decision map: the class that the network prefers at every point of a plane, and the points of the data.
 *
 * @typedef {{x: number[], y: number[], probabilities: number[][][]}} Grid probabilities by row of y, column of x, class
 * @typedef {{x: number, y: number, label: number, isHeldOut: boolean}} MapPoint
 * @typedef {{grid: Grid, points: MapPoint[], letters: string[], sample: {x: number, y: number} | null, size: number,
 *   colours: {classes: string[], channels: [number, number, number][], surface: string, ink: string, onSolid: string}}} MapScene
 */

/** Up to this many points have room for a letter. */
const MOST_LETTERS = 24;

/** @param {CanvasRenderingContext2D} ctx @param {MapScene} scene */
export function drawMap(ctx, scene) {
  drawGrid(ctx, scene);
  const { points, colours, letters } = scene;
  const hasLetters = points.length <= MOST_LETTERS;
  const radius = hasLetters ? 9 : points.length > 250 ? 3 : 4;
  ctx.font = "600 11px sans-serif";
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const { x, y, label, isHeldOut } of points) {
    const own = colours.classes[label];
    drawMark(ctx, {
      label,
      ...place(scene, x, y),
      radius,
      fill: isHeldOut ? colours.surface : own,
      stroke: isHeldOut ? own : colours.surface,
      letter: hasLetters ? letters[label] : undefined,
      ink: isHeldOut ? own : colours.onSolid,
    });
  }
  if (scene.sample) drawCross(ctx, scene, place(scene, scene.sample.x, scene.sample.y), radius + 5);
}

/** @param {MapScene} scene @param {number} x @param {number} y */
function place({ grid, size }, x, y) {
  const [left, right, low, high] = [grid.x[0], grid.x[grid.x.length - 1], grid.y[0], grid.y[grid.y.length - 1]];
  return { x: ((x - left) / (right - left)) * size, y: (1 - (y - low) / (high - low)) * size };
}

/**
 * Every pixel has the colour of its likeliest class, stronger where the network is surer. Between the points of the
 * grid probabilities are interpolated, so that borders are sharp lines.
 * @param {CanvasRenderingContext2D} ctx
 * @param {MapScene} scene
 */
function drawGrid(ctx, { grid, size, colours }) {
  const [columns, rows] = [grid.x.length, grid.y.length];
  const classes = grid.probabilities[0][0].length;
  const image = new ImageData(size, size);
  for (let pixelY = 0; pixelY < size; pixelY++) {
    const row = (1 - (pixelY + 0.5) / size) * (rows - 1);
    const below = Math.max(0, Math.min(rows - 2, Math.floor(row)));
    const v = row - below;
    for (let pixelX = 0; pixelX < size; pixelX++) {
      const column = ((pixelX + 0.5) / size) * (columns - 1);
      const left = Math.max(0, Math.min(columns - 2, Math.floor(column)));
      const u = column - left;
      const [p00, p01] = [grid.probabilities[below][left], grid.probabilities[below][left + 1]];
      const [p10, p11] = [grid.probabilities[below + 1][left], grid.probabilities[below + 1][left + 1]];
      let best = 0;
      let label = 0;
      for (let k = 0; k < classes; k++) {
        const p = (1 - v) * ((1 - u) * p00[k] + u * p01[k]) + v * ((1 - u) * p10[k] + u * p11[k]);
        if (p > best) [best, label] = [p, k];
      }
      const sureness = (best - 1 / classes) / (1 - 1 / classes);
      const at = 4 * (pixelY * size + pixelX);
      image.data.set(colours.channels[label], at);
      image.data[at + 3] = 255 * (0.12 + 0.38 * sureness);
    }
  }
  // Laid over the surface: putImageData would replace what is there, its transparency included.
  const layer = new OffscreenCanvas(size, size);
  layer.getContext("2d")?.putImageData(image, 0, 0);
  ctx.drawImage(layer, 0, 0, size, size);
}

/** @param {CanvasRenderingContext2D} ctx @param {MapScene} scene @param {{x: number, y: number}} at @param {number} gap */
function drawCross(ctx, { size, colours }, { x, y }, gap) {
  ctx.strokeStyle = colours.ink;
  ctx.lineWidth = 0.75;
  ctx.beginPath();
  for (const [fromX, fromY, toX, toY] of [[0, y, x - gap, y], [x + gap, y, size, y], [x, 0, x, y - gap], [x, y + gap, x, size]]) {
    ctx.moveTo(fromX, fromY);
    ctx.lineTo(toX, toY);
  }
  ctx.stroke();
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.arc(x, y, gap, 0, 2 * Math.PI);
  ctx.stroke();
}

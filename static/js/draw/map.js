import { drawFolds } from "./folds.js";
import { drawMark } from "./marks.js";
import { drawPlane, fillPixels } from "./plane.js";

/**
 * The decision map: the class that the network prefers at every point of a plane, or the value of one unit there; the
 * lines where units open; and the points of the data.
 *
 * @typedef {{x: number[], y: number[], probabilities: number[][][]}} Grid probabilities by row of y, column of x, class
 * @typedef {{x: number, y: number, label: number, isHeldOut: boolean, fill?: string}} MapPoint fill: of a number to learn, in place of a class
 * @typedef {{grid: Grid, points: MapPoint[], letters: string[], sample: {x: number, y: number} | null, size: number,
 *   plane: import("./plane.js").Plane | null, folds: import("./folds.js").FoldLine[], cursor: {x: number, y: number} | null,
 *   colours: {classes: string[], channels: [number, number, number][], surface: string, ink: string, onSolid: string}}} MapScene
 */

/** Up to this many points have room for a letter. */
const MOST_LETTERS = 24;
/** Marks on a smaller map are smaller too. */
const ROOMY = 160;

/** @param {CanvasRenderingContext2D} ctx @param {MapScene} scene */
export function drawMap(ctx, scene) {
  if (scene.plane) drawPlane(ctx, scene.plane, scene.size);
  else drawGrid(ctx, scene);
  const { points, colours, letters } = scene;
  drawFolds(ctx, scene.folds, scene, points.length <= MOST_LETTERS ? points.map(({ x, y }) => place(scene, x, y)) : []);
  const hasLetters = points.length <= MOST_LETTERS;
  const isSmall = scene.size < ROOMY;
  const radius = (hasLetters ? 9 : points.length > 250 ? 3 : 4) * (isSmall ? 0.7 : 1);
  const sample = scene.sample && place(scene, scene.sample.x, scene.sample.y);
  if (sample) drawCross(ctx, scene, sample, radius + 5);
  ctx.font = `600 ${isSmall ? 8 : 11}px sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const { x, y, label, isHeldOut, fill } of points) {
    const own = fill ? colours.ink : colours.classes[label];
    drawMark(ctx, {
      label,
      ...place(scene, x, y),
      radius,
      fill: fill ?? (isHeldOut ? colours.surface : own),
      stroke: isHeldOut ? own : colours.surface,
      letter: hasLetters ? letters[label] : undefined,
      ink: isHeldOut ? own : colours.onSolid,
    });
  }
  if (sample) drawRing(ctx, scene, sample, radius + 5);
  if (scene.cursor) drawCursor(ctx, scene, scene.cursor);
}

/** Pixels of a point of the plane. @param {{grid: Grid, size: number}} scene @param {number} x @param {number} y */
export function place({ grid, size }, x, y) {
  const [left, right, low, high] = [grid.x[0], grid.x[grid.x.length - 1], grid.y[0], grid.y[grid.y.length - 1]];
  return { x: ((x - left) / (right - left)) * size, y: (1 - (y - low) / (high - low)) * size };
}

/** The point of the plane at a pixel. @param {{grid: Grid, size: number}} scene @param {number} x @param {number} y */
export function spot({ grid, size }, x, y) {
  const [left, right, low, high] = [grid.x[0], grid.x[grid.x.length - 1], grid.y[0], grid.y[grid.y.length - 1]];
  return { x: left + (x / size) * (right - left), y: low + (1 - y / size) * (high - low) };
}

/**
 * Every pixel has the colour of its likeliest class, stronger where the network is surer. Between the points of the
 * grid probabilities are interpolated, so that borders are sharp lines.
 * @param {CanvasRenderingContext2D} ctx
 * @param {MapScene} scene
 */
function drawGrid(ctx, { grid, size, colours }) {
  const classes = grid.probabilities[0][0].length;
  fillPixels(ctx, size, grid.probabilities, (data, at, shares) => {
    let label = 0;
    for (let k = 1; k < classes; k++) if (shares[k] > shares[label]) label = k;
    const sureness = (shares[label] - 1 / classes) / (1 - 1 / classes);
    const [red, green, blue] = colours.channels[label];
    data[at] = red;
    data[at + 1] = green;
    data[at + 2] = blue;
    data[at + 3] = 255 * (0.12 + 0.38 * sureness);
  });
}

/** Where keys would put a point. @param {CanvasRenderingContext2D} ctx @param {MapScene} scene @param {{x: number, y: number}} at */
function drawCursor(ctx, { colours }, { x, y }) {
  for (const [stroke, width] of /** @type {const} */ ([[colours.surface, 5], [colours.ink, 2]])) {
    ctx.strokeStyle = stroke;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.moveTo(x - 7, y);
    ctx.lineTo(x + 7, y);
    ctx.moveTo(x, y - 7);
    ctx.lineTo(x, y + 7);
    ctx.stroke();
  }
}

/** Leads the eye to the sample, and is neither an axis nor a line where z = 0. @param {CanvasRenderingContext2D} ctx @param {MapScene} scene @param {{x: number, y: number}} at @param {number} gap */
function drawCross(ctx, { size, colours }, { x, y }, gap) {
  ctx.strokeStyle = colours.ink;
  ctx.lineWidth = 0.75;
  ctx.globalAlpha = 0.45;
  ctx.setLineDash([2, 4]);
  ctx.beginPath();
  for (const [fromX, fromY, toX, toY] of [[0, y, x - gap, y], [x + gap, y, size, y], [x, 0, x, y - gap], [x, y + gap, x, size]]) {
    ctx.moveTo(fromX, fromY);
    ctx.lineTo(toX, toY);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} ctx @param {MapScene} scene @param {{x: number, y: number}} at @param {number} radius */
function drawRing(ctx, { colours }, { x, y }, radius) {
  ctx.strokeStyle = colours.ink;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.stroke();
}

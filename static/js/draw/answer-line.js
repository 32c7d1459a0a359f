import { drawMark } from "./marks.js";

/**
 * What a network with one input answers along it: a line, among the points that it learns from.
 *
 * @typedef {{x: number, y: number}} Point in the scale that the network sees
 * @typedef {{line: Point[], points: (Point & {isHeldOut: boolean})[], sample: Point | null, width: number, height: number,
 *   ends: {x: [string, string], y: [string, string]}, colours: {axis: string, point: string, line: string, gap: string, surface: string, ink: string}}} AnswerScene
 *   ends: the smallest and the largest number of both axes, as they are written there
 */

const RADIUS = 4;
/** Room for the numbers at the axes. */
const LEFT = 44;
const BELOW = 20;

/** The smallest and the largest number on both axes. @param {Pick<AnswerScene, "line" | "points">} scene */
export function rangeOf({ line, points }) {
  const numbers = [...line, ...points].map(({ y }) => y).filter(Number.isFinite);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const margin = 0.08 * (high - low) || 1;
  return { x: { low: line[0].x, high: line[line.length - 1].x }, y: { low: low - margin, high: high + margin } };
}

/** The network's answer at a number, between two points of the line. @param {Point[]} line in the order of x @param {number} x */
export function answerAt(line, x) {
  const right = Math.max(1, Math.min(line.length - 1, line.findIndex((point) => point.x >= x)));
  const [before, after] = [line[right - 1], line[right]];
  return before.y + ((x - before.x) / (after.x - before.x)) * (after.y - before.y);
}

/** @param {CanvasRenderingContext2D} ctx @param {AnswerScene} scene */
export function drawAnswerLine(ctx, scene) {
  const { line, points, sample, width, height, ends, colours } = scene;
  const range = rangeOf(scene);
  const bottom = height - BELOW;
  const at = (/** @type {Point} */ { x, y }) => ({
    x: LEFT + ((x - range.x.low) / (range.x.high - range.x.low)) * (width - LEFT),
    y: (1 - (y - range.y.low) / (range.y.high - range.y.low)) * bottom,
  });
  ctx.strokeStyle = colours.axis;
  ctx.lineWidth = 1;
  stroke(ctx, [{ x: LEFT, y: 0 }, { x: LEFT, y: bottom }, { x: width, y: bottom }]);
  for (const { isHeldOut, ...point } of points) {
    drawMark(ctx, { label: 0, ...at(point), radius: RADIUS, fill: isHeldOut ? colours.surface : colours.point, stroke: isHeldOut ? colours.point : colours.surface });
  }
  ctx.lineWidth = 2.5;
  ctx.lineJoin = "round";
  ctx.strokeStyle = colours.line;
  stroke(ctx, line.filter(({ y }) => Number.isFinite(y)).map(at));
  if (sample) drawSample(ctx, at(sample), at({ x: sample.x, y: answerAt(line, sample.x) }), colours);
  ctx.fillStyle = colours.ink;
  ctx.font = "500 12px sans-serif";
  write(ctx, ends.y[1], LEFT - 4, 4, "right", "top");
  write(ctx, ends.y[0], LEFT - 4, bottom, "right", "bottom");
  write(ctx, ends.x[0], LEFT, height - 3, "left", "bottom");
  write(ctx, ends.x[1], width - 4, height - 3, "right", "bottom");
}

/** The current sample, and how far the answer is from it. @param {CanvasRenderingContext2D} ctx @param {Point} point @param {Point} answer @param {AnswerScene["colours"]} colours */
function drawSample(ctx, point, answer, colours) {
  ctx.strokeStyle = colours.gap;
  if (Number.isFinite(answer.y)) stroke(ctx, [point, answer]);
  ctx.strokeStyle = colours.ink;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.arc(point.x, point.y, RADIUS + 4, 0, 2 * Math.PI);
  ctx.stroke();
}

/** @param {CanvasRenderingContext2D} ctx @param {Point[]} points */
function stroke(ctx, points) {
  ctx.beginPath();
  for (const { x, y } of points) ctx.lineTo(x, y);
  ctx.stroke();
}

/** @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} x @param {number} y @param {CanvasTextAlign} align @param {CanvasTextBaseline} baseline */
function write(ctx, text, x, y, align, baseline) {
  ctx.textAlign = align;
  ctx.textBaseline = baseline;
  ctx.fillText(text, x, y);
}

/**
 * Lines in the plane where z of a unit is zero: there its gate opens.
 *
 * @typedef {import("../trace/measure/contour.js").Segment} Segment
 * @typedef {{segments: Segment[], rise: [number, number] | null, label: string, isLit: boolean}} FoldLine rise: where z grows
 * @typedef {{x: number, y: number}} Spot in pixels
 * @typedef {{size: number, colours: {ink: string, surface: string}}} Ground
 */

/** From a line to its number, and the length of the tick towards the open side. */
const NUMBER_GAP = 13;
const TICK = 6;
/** Numbers stay so far from the border. */
const BORDER = 10;
/** Places along a line at which its number may stand. */
const PLACES = [0.5, 0.35, 0.65, 0.2, 0.8, 0.1, 0.9];

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {FoldLine[]} folds
 * @param {Ground} ground
 * @param {Spot[]} taken where marks will stand
 */
export function drawFolds(ctx, folds, { size, colours }, taken) {
  ctx.lineCap = "round";
  for (const { segments, isLit } of folds) {
    ctx.beginPath();
    for (const [fromU, fromV, toU, toV] of segments) {
      ctx.moveTo(fromU * size, (1 - fromV) * size);
      ctx.lineTo(toU * size, (1 - toV) * size);
    }
    for (const [stroke, width] of /** @type {const} */ ([[colours.surface, isLit ? 5 : 3], [colours.ink, isLit ? 2.5 : 1.25]])) {
      ctx.strokeStyle = stroke;
      ctx.lineWidth = width;
      ctx.stroke();
    }
  }
  const spots = [...taken];
  for (const fold of folds) if (fold.rise) drawSide(ctx, fold, fold.rise, { size, colours }, spots);
}

/**
 * A tick and the number of the unit on the side where z is above zero.
 * @param {CanvasRenderingContext2D} ctx
 * @param {FoldLine} fold
 * @param {[number, number]} rise
 * @param {Ground} ground
 * @param {Spot[]} spots that are taken; the number's own is added
 */
function drawSide(ctx, { segments: [first], label, isLit }, [right, up], { size, colours }, spots) {
  if (!first) return;
  const inside = (/** @type {number} */ at) => Math.min(size - BORDER, Math.max(BORDER, at));
  const choices = PLACES.map((part) => {
    const [x, y] = [(first[0] + part * (first[2] - first[0])) * size, (1 - first[1] - part * (first[3] - first[1])) * size];
    const number = { x: inside(x + right * NUMBER_GAP), y: inside(y - up * NUMBER_GAP) };
    return { x, y, number, room: Math.min(2 * NUMBER_GAP, ...spots.map((spot) => Math.hypot(spot.x - number.x, spot.y - number.y))) };
  });
  const { x, y, number } = choices.reduce((best, choice) => (choice.room > best.room ? choice : best));
  ctx.strokeStyle = colours.ink;
  ctx.lineWidth = isLit ? 2.5 : 1.25;
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x + right * TICK, y - up * TICK);
  ctx.stroke();
  if (!label) return;
  spots.push(number);
  ctx.font = `${isLit ? 700 : 600} 11px sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3;
  ctx.strokeStyle = colours.surface;
  ctx.fillStyle = colours.ink;
  ctx.strokeText(label, number.x, number.y);
  ctx.fillText(label, number.x, number.y);
}

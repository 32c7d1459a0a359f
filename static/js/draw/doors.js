/**
 * Doors at the gates, toward the loss: each slides up as far as the slope lets a gradient through, all at once.
 *
 * @typedef {{x: number, y: number, half: number, slope: number}} Door
 */

/** The part of an operation's motion in which doors open. */
const OPENING_PART = 0.4;
const WIDTH = 5;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Door[]} doors
 * @param {number} progress of the operation
 * @param {import("./frame.js").Colours} colours
 * @param {number} begin the part of the motion after which they move
 * @returns {boolean} whether any door is to be seen
 */
export function drawDoors(context, doors, progress, colours, begin) {
  if (progress <= 0 || progress >= 1) return false;
  const time = Math.min(1, Math.max(0, (progress - begin) / (OPENING_PART * (1 - begin))));
  for (const { x, y, half, slope } of doors) {
    const shut = 1 - time * Math.min(1, Math.abs(slope));
    if (shut <= 0) continue;
    context.fillStyle = slope === 0 ? colours.problem : colours.gate;
    context.beginPath();
    context.roundRect(x - WIDTH / 2, y - half, WIDTH, 2 * half * shut, WIDTH / 2);
    context.fill();
  }
  return doors.length > 0;
}

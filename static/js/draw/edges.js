/**
 * Draws many edges, sign by dash and where they are weights by colour, size by width.
 *
 * @typedef {import("./geometry.js").Point} Point
 * @param {CanvasRenderingContext2D} context
 * @param {{curve: {start: Point, c1: Point, c2: Point, end: Point}, value: number, isGradient: boolean, width: number, opacity: number}[]} edges
 * @param {{positive: string, negative: string, backward: string}} colours
 */
export function drawEdges(context, edges, colours) {
  for (const { curve, value, isGradient, width, opacity } of edges) {
    const { start, c1, c2, end } = curve;
    context.strokeStyle = isGradient ? colours.backward : value < 0 ? colours.negative : colours.positive;
    context.setLineDash(value < 0 ? [6, 3] : []);
    context.lineWidth = width;
    context.globalAlpha = opacity;
    context.beginPath();
    context.moveTo(start.x, start.y);
    context.bezierCurveTo(c1.x, c1.y, c2.x, c2.y, end.x, end.y);
    context.stroke();
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
}

/** Width of an edge in px: the logarithm of the weight. @param {number} weight */
export function widthOf(weight) {
  if (weight === 0 || !Number.isFinite(weight)) return 0.75;
  return Math.min(8, Math.max(0.75, 1.5 + 1.75 * (Math.log10(Math.abs(weight)) + 2)));
}

/**
 * How an edge among many looks: weights stand back behind packets, and gradients are small and still to be seen.
 * @param {number} value @param {boolean} isGradient @param {boolean} isQuiet
 */
export const amongMany = (value, isGradient, isQuiet) => {
  const width = widthOf(value) * 0.45;
  return isGradient ? { width: Math.max(0.9, width), opacity: isQuiet ? 0.4 : 0.75 } : { width, opacity: isQuiet ? 0.16 : 0.6 };
};

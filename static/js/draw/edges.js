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

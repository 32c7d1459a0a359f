/** Shapes of the classes, so that colour is never the only difference. As SVG path data around (0, 0), radius about 1. */

/** @param {number} corners @param {number} turn of a whole turn @param {number} [inner] radius between two corners, for a star */
function polygon(corners, turn, inner) {
  const n = inner ? 2 * corners : corners;
  const points = Array.from({ length: n }, (_, corner) => {
    const angle = 2 * Math.PI * (corner / n + turn);
    const radius = inner && corner % 2 ? inner : 1.12;
    return `${(radius * Math.cos(angle)).toFixed(3)} ${(radius * Math.sin(angle)).toFixed(3)}`;
  });
  return `M${points.join("L")}Z`;
}

const SHAPES = [
  "M1 0A1 1 0 1 1 -1 0A1 1 0 1 1 1 0Z",
  "M-.88-.88H.88V.88H-.88Z",
  polygon(3, -0.25),
  polygon(4, 0),
  polygon(5, -0.25),
  polygon(5, -0.25, 0.5),
  "M-.35-1H.35V-.35H1V.35H.35V1H-.35V.35H-1V-.35H-.35Z",
  polygon(3, 0.25),
  polygon(6, 0),
  polygon(4, 0.125, 0.4),
];

/** @param {number} label @returns {string} path data */
export const classShape = (label) => SHAPES[label % SHAPES.length];

/** @type {Map<number, Path2D>} */
const paths = new Map();

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {{label: number, x: number, y: number, radius: number, fill: string, stroke: string, letter?: string, ink?: string}} mark
 */
export function drawMark(ctx, { label, x, y, radius, fill, stroke, letter, ink }) {
  let path = paths.get(label);
  if (!path) paths.set(label, (path = new Path2D(classShape(label))));
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(radius, radius);
  ctx.lineWidth = 1.5 / radius;
  ctx.fillStyle = fill;
  ctx.strokeStyle = stroke;
  ctx.fill(path);
  ctx.stroke(path);
  ctx.restore();
  if (!letter) return;
  ctx.fillStyle = ink ?? stroke;
  ctx.fillText(letter, x, y + 0.5);
}

import { svg } from "../../../vendor/lit-html/lit-html.js";
import { number, signed } from "../../core/format.js";

/**
 * The edges: sign by colour and dash, size by width, and up to six labels for the operation in play.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("../../draw/geometry.js").Point} Point
 * @typedef {{layer: number, i: number, j: number, name: string}} Edge
 */

const MAX_LABELS = 6;
/** Parts of the way along an edge where its label may stand, the best first. */
const SPOTS = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8];
/** Half the height of a label, with air. */
const HALF_LINE = 10;

/** Width of an edge in px: the logarithm of the weight. @param {number} weight */
export function widthOf(weight) {
  if (weight === 0 || !Number.isFinite(weight)) return 0.75;
  return Math.min(8, Math.max(0.75, 1.5 + 1.75 * (Math.log10(Math.abs(weight)) + 2)));
}

/** @param {Scene} scene @returns {Edge[]} */
export function edgesOf(scene) {
  const { program } = scene;
  return program.tensors
    .filter((tensor) => tensor.role === "W")
    .flatMap(({ name, layer }) => {
      const [above, below] = [program.units(/** @type {number} */ (layer) - 1), program.units(/** @type {number} */ (layer))];
      return Array.from({ length: above * below }, (_, k) => ({ layer: /** @type {number} */ (layer), name, i: Math.floor(k / below), j: k % below }));
    });
}

/**
 * @param {Scene} scene
 * @param {(cell: import("../../state.js").Cell) => void} onSelect
 */
export function edgesTemplate(scene, onSelect) {
  const dense = scene.geometry.detail === "full" ? 1 : 0.55;
  return edgesOf(scene).map((edge) => {
    const weight = scene.parameter(edge.name, [edge.i, edge.j]);
    const isQuiet = !scene.isLive && !scene.isAtRest && !scene.isInPlay(edge.name);
    const path = scene.geometry.edgePath(edge.layer, edge.i, edge.j);
    return svg`<path class="edge ${weight < 0 ? "negative" : "positive"} ${isQuiet ? "dimmed" : ""}" d=${path}
        stroke-width=${(widthOf(weight) * dense).toFixed(2)} data-cell=${`${edge.name}:${edge.i},${edge.j}`}></path>
      <path class="edge-hit" d=${path} @click=${() => onSelect({ tensor: edge.name, index: [edge.i, edge.j] })}><title>${edge.name}[${edge.i}, ${edge.j}] = ${number(weight)}</title></path>`;
  });
}

/**
 * What is written on an edge in this operation, or null: its weight, its gradient, or old and new.
 * @param {Scene} scene
 * @param {Edge} edge
 * @returns {{text: string, kind: string, size: number} | null}
 */
function labelOf(scene, { name, i, j }) {
  const { output, inputs, segment, scope } = scene.operation;
  const target = scene.program.tensor(output);
  if (target.of === name && segment === "update") {
    const after = scene.batchValue(output, [i, j]);
    const before = scene.batch.at(name, [i, j]);
    return after === null ? null : { text: `${number(before)} → ${number(after)}`, kind: "update", size: Math.abs(after - before) };
  }
  if (target.of === name) {
    const gradient = scope === "batch" ? scene.batchValue(output, [i, j]) : scene.value(output, [i, j]);
    return gradient === null ? null : { text: signed(gradient), kind: "backward", size: Math.abs(gradient) };
  }
  if (!inputs.includes(name)) return null;
  const weight = scene.parameter(name, [i, j]);
  return { text: number(weight), kind: weight < 0 ? "negative" : "positive", size: Math.abs(weight) };
}

/**
 * Labels of the edges in play, the largest first: each where it is farthest from other edges; none where it would touch
 * a unit or another label.
 * @param {Scene} scene
 */
export function edgeLabels(scene) {
  const { geometry } = scene;
  // While packets fly they carry the numbers; what lies on the edges is written when they have arrived.
  const isInFlight = scene.state.isPlaying && scene.state.arrived < scene.operation.units;
  if (scene.isLive || scene.isAtRest || isInFlight || geometry.detail === "tiny") return [];
  const edges = edgesOf(scene);
  const wanted = edges
    .map((edge) => ({ edge, label: labelOf(scene, edge) }))
    .flatMap(({ edge, label }) => (label ? [{ edge, label }] : []))
    .sort((a, b) => b.label.size - a.label.size);
  const taken = unitBoxes(scene);
  const letter = geometry.detail === "compact" && geometry.r <= 24 ? 7.6 : 8.6;
  const placed = [];
  for (const { edge, label } of wanted) {
    if (placed.length === MAX_LABELS) break;
    const half = (label.text.length * letter) / 2;
    const rivals = edges.filter((other) => other.layer === edge.layer && other !== edge).flatMap((other) => pointsOf(geometry, other));
    const distance = (/** @type {Point} */ spot) => Math.min(...rivals.map((point) => Math.max(Math.abs(spot.x - point.x) - half, Math.abs(spot.y - point.y) - 8)), 30);
    const free = SPOTS.map(geometry.edgeLane(edge.layer, edge.i, edge.j))
      .filter(({ x, y }) => !taken.some((box) => Math.abs(x - box.x) < half + box.halfWidth && Math.abs(y - box.y) < HALF_LINE + box.halfHeight))
      .map((spot) => ({ ...spot, room: distance(spot) }));
    if (free.length === 0) continue;
    const best = free.reduce((found, spot) => (spot.room > found.room + 1 ? spot : found));
    taken.push({ x: best.x, y: best.y, halfWidth: half, halfHeight: HALF_LINE });
    placed.push({ ...label, x: best.x, y: best.y });
  }
  return placed;
}

/**
 * Units with what stands above and below them: no label may touch these.
 * @param {Scene} scene
 * @returns {{x: number, y: number, halfWidth: number, halfHeight: number}[]}
 */
function unitBoxes({ geometry, program, depth }) {
  const [above, below] = geometry.detail === "full" ? [34, 28] : [12, 20];
  const halfHeight = geometry.r + (above + below) / 2;
  return Array.from({ length: depth + 1 }, (_, layer) =>
    Array.from({ length: program.units(layer) }, (_, unit) => {
      const spots = layer < depth ? [geometry.z(layer, unit), geometry.a(layer, unit)] : [geometry.z(layer, unit)];
      return spots.map(({ x, y }) => ({ x, y: y + (below - above) / 2, halfWidth: geometry.w + 8, halfHeight }));
    }),
  ).flat(2);
}

/** Points along an edge. @param {import("../../draw/geometry.js").Geometry} geometry @param {Edge} edge */
function pointsOf(geometry, { layer, i, j }) {
  const lane = geometry.edgeLane(layer, i, j);
  return Array.from({ length: 15 }, (_, k) => lane(0.12 + k * 0.055));
}

/** @param {Scene} scene */
export const edgeLabelsTemplate = (scene) =>
  edgeLabels(scene).map(({ x, y, text, kind }) => svg`<text class="edge-label label ${kind}" x=${x} y=${y + 5}>${text}</text>`);

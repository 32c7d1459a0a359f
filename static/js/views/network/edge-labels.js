import { svg } from "../../vendor/lit.js";
import { number, signed } from "../../core/format.js";
import { unitBoxes } from "./boxes.js";
import { edgesOf } from "./edges.js";
import { widthIn } from "./fonts.js";
import { partingLabel } from "./parting.js";

/**
 * Up to six labels on the edges of the operation in play.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("./edges.js").Edge} Edge
 * @typedef {import("./boxes.js").Box} Box
 * @typedef {import("../../draw/geometry.js").Point} Point
 * @typedef {import("../../draw/geometry.js").Geometry} Geometry
 * @typedef {{text: string, short?: string, kind: string, size: number}} Label short: for where the whole has no room
 */

const MAX_LABELS = 6;
/** Parts of the way along an edge where its label may stand, the best first. */
const SPOTS = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8];
/** Half the height of a label, with air. */
const HALF_LINE = 10;
/** Beside a label with its halo, in px. */
const AIR = 4;
/** More room than this around a label is no better. */
const ENOUGH = 30;

/**
 * What is written on an edge in this operation, or null: its weight, its gradient, or old and new.
 * @param {Scene} scene
 * @param {Edge} edge
 * @returns {Label | null}
 */
function labelOf(scene, { name, i, j }) {
  const { output, inputs, segment, scope } = scene.operation;
  const target = scene.program.tensor(output);
  if (segment === "update" && target.of && scene.program.root(output) === name) {
    const after = scene.batchValue(output, [i, j]);
    const before = scene.batch.at(target.of, [i, j]);
    return after === null ? null : { text: `${number(before)} → ${number(after)}`, short: `→ ${number(after)}`, kind: target.of === name ? "update" : "memory", size: Math.abs(after - before) };
  }
  // The gradients of the weights stand until those of the biases of the layer do.
  const isBeside = target.role === "db" && scene.program.tensor(name).layer === target.layer;
  if (target.of === name || isBeside) {
    const gradient = (scope === "batch" ? scene.batchValue : scene.value).call(scene, isBeside ? `d${name}` : output, [i, j]);
    return gradient === null ? null : { text: signed(gradient), kind: "backward", size: Math.abs(gradient) };
  }
  if (!inputs.includes(name)) return null;
  const weight = scene.parameter(name, [i, j]);
  return { text: number(weight), kind: weight < 0 ? "negative" : "positive", size: Math.abs(weight) };
}

/**
 * Labels of the edges in play, that of the one that is asked about first, then the largest: each where it is farthest from other
 * edges, until one would touch a unit or another label.
 * @param {Scene} scene
 */
export function edgeLabels(scene) {
  const { geometry } = scene;
  // While packets fly they carry the numbers; what lies on the edges is written when they have arrived.
  const isMoving = (scene.state.isPlaying || scene.state.isOpening) && scene.program.tensor(scene.operation.output).role !== "db";
  const isInFlight = isMoving && scene.state.arrived < scene.operation.units;
  if (scene.isLive || scene.isAtRest || isInFlight || geometry.detail === "tiny") return [];
  const edges = edgesOf(scene);
  const { focus } = scene.state;
  const asked = focus && scene.program.byName.has(focus.tensor) ? `${scene.program.root(focus.tensor)}:${focus.index}` : "";
  const isAsked = (/** @type {Edge} */ { name, i, j }) => asked === `${name}:${i},${j}`;
  const wanted = edges
    .map((edge) => ({ edge, label: labelOf(scene, edge) }))
    .flatMap(({ edge, label }) => (label ? [{ edge, label }] : []))
    .sort((a, b) => Number(isAsked(b.edge)) - Number(isAsked(a.edge)) || b.label.size - a.label.size);
  if (wanted.length === 0) return [];
  const ways = edges.map((edge) => ({ edge, points: pointsOf(geometry, edge) }));
  const taken = [...unitBoxes(scene), ...markBoxes(scene)];
  const placed = [];
  for (const { edge, label } of wanted) {
    if (placed.length === MAX_LABELS) break;
    const spot = [label.text, label.short ?? label.text].map((text) => spotFor(scene, ways, edge, taken, text)).find((found) => found !== null);
    // A small number would look like the one that matters where a larger one has no room.
    if (!spot && !isAsked(edge)) break;
    if (!spot) continue;
    taken.push(spot);
    placed.push({ kind: label.kind, text: spot.text, edge, x: spot.x, y: spot.y });
  }
  return placed;
}

/** The box of a text on an edge, or null where it would touch something. @param {Scene} scene @param {{edge: Edge, points: Point[]}[]} ways @param {Edge} edge @param {Box[]} taken @param {string} text */
function spotFor(scene, ways, edge, taken, text) {
  const halfWidth = widthIn(scene, "edge", text) / 2 + AIR;
  const best = bestSpot(scene.geometry, ways, edge, taken, halfWidth);
  return best && { ...best, halfWidth, halfHeight: HALF_LINE, text };
}

/**
 * The spot on an edge with the most room to other edges; null where all would touch something.
 * @param {Geometry} geometry @param {{edge: Edge, points: Point[]}[]} ways of all edges @param {Edge} edge @param {Box[]} taken @param {number} half width of the label
 * @returns {Point | null}
 */
function bestSpot(geometry, ways, edge, taken, half) {
  let best = null;
  let most = -Infinity;
  for (const spot of SPOTS.map(geometry.edgeLane(edge.layer, edge.i, edge.j))) {
    if (taken.some((box) => Math.abs(spot.x - box.x) < half + box.halfWidth && Math.abs(spot.y - box.y) < HALF_LINE + box.halfHeight)) continue;
    let room = ENOUGH;
    for (const { edge: other, points: way } of ways) {
      if (other === edge || other.layer !== edge.layer) continue;
      for (const point of way) {
        room = Math.min(room, Math.max(Math.abs(spot.x - point.x) - half, Math.abs(spot.y - point.y) - 8));
      }
      if (room <= most + 1) break;
    }
    if (room > most + 1) [best, most] = [spot, room];
  }
  return best;
}

/** The label of a learner's number, and the spot that it marks. @param {Scene} scene @returns {Box[]} */
function markBoxes(scene) {
  const label = partingLabel(scene);
  if (!label) return [];
  const { x, y, reach } = label.spot;
  return [label, { x, y, halfWidth: reach + AIR, halfHeight: reach + AIR }];
}

/** @type {WeakMap<Geometry, Map<string, Point[]>>} */
const points = new WeakMap();

/** Points along an edge. @param {Geometry} geometry @param {Edge} edge */
function pointsOf(geometry, { layer, i, j }) {
  let known = points.get(geometry);
  if (!known) points.set(geometry, (known = new Map()));
  const key = `${layer} ${i} ${j}`;
  let own = known.get(key);
  if (!own) {
    const lane = geometry.edgeLane(layer, i, j);
    known.set(key, (own = Array.from({ length: 15 }, (_, k) => lane(0.12 + k * 0.055))));
  }
  return own;
}

/** @param {Scene} scene @param {(cell: import("../../state.js").Cell) => void} onSelect */
export const edgeLabelsTemplate = (scene, onSelect) =>
  edgeLabels(scene).map(({ x, y, text, kind, edge: { name, i, j } }) => svg`<text class="edge-label label ${kind}" @click=${() => onSelect({ tensor: name, index: [i, j] })} x=${x} y=${y + 5}>${text}</text>`);

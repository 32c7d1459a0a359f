import { noChange, svg } from "../../../vendor/lit-html/lit-html.js";
import { number, signed } from "../../core/format.js";
import { contextOf } from "../../draw/canvas.js";
import { drawEdges } from "../../draw/edges.js";

/**
 * The edges: sign by colour and dash, size by width, and up to six labels for the operation in play.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("../../draw/geometry.js").Point} Point
 * @typedef {{layer: number, i: number, j: number, name: string}} Edge
 */

const MAX_LABELS = 6;
/** More edges than this are drawn on a canvas: as elements they would cost milliseconds whenever weights move. */
const MAX_ELEMENTS = 150;
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
 * What the edges of a layer look like: nothing else makes them be drawn again.
 * @param {Scene} scene
 * @param {number} layer
 */
function looksOf(scene, layer) {
  const { geometry, program, timeline, state } = scene;
  const name = /** @type {import("../../trace/program.js").Tensor} */ (program.named("W", layer)).name;
  const next = timeline.operations.findIndex((operation) => operation.segment === "update" && program.tensor(operation.output).of === name);
  const arrived = state.operation === next ? state.arrived : state.operation > next;
  return [state.live ?? scene.batch, geometry.width, geometry.height, geometry.detail, scene.scale, arrived, state.theme, state.language];
}

/** Whether the edges of a layer stand back. @param {Scene} scene @param {number} layer */
function isQuiet(scene, layer) {
  const name = scene.program.named("W", layer)?.name;
  return !scene.isLive && !scene.isAtRest && !(name && scene.isInPlay(name));
}

/** Whether the edges are so many that they are pixels, not elements. @param {Scene} scene */
export const areOnCanvas = (scene) => edgesOf(scene).length > MAX_ELEMENTS;

/** Remembers what is drawn, so that what stands is left alone. */
export class Edges {
  constructor() {
    /** @type {Map<number, unknown[]>} */
    this.drawn = new Map();
  }

  /** Forget what was drawn: the drawing begins anew. */
  clear() {
    this.drawn.clear();
  }

  /**
   * @param {Scene} scene
   * @param {(cell: import("../../state.js").Cell) => void} onSelect
   */
  template(scene, onSelect) {
    const all = areOnCanvas(scene) ? [] : edgesOf(scene);
    return Array.from({ length: scene.depth }, (_, above) => {
      const layer = above + 1;
      const own = all.filter((edge) => edge.layer === layer);
      return svg`<g class="edges ${isQuiet(scene, layer) ? "dimmed" : ""}">${this.isDrawn(layer, looksOf(scene, layer)) ? noChange : own.map((edge) => edgeTemplate(scene, edge, onSelect))}</g>`;
    });
  }

  /**
   * Draw the edges on the canvas below, where they are many.
   * @param {HTMLCanvasElement} canvas
   * @param {Scene} scene
   */
  paint(canvas, scene) {
    const { width, height } = scene.geometry;
    const looks = [...scene.program.with("W")].flatMap(({ layer }) => [...looksOf(scene, /** @type {number} */ (layer)), isQuiet(scene, /** @type {number} */ (layer))]);
    if (this.isDrawn(0, [areOnCanvas(scene), ...looks])) return;
    const context = contextOf(canvas, width, height, scene.scale);
    if (!areOnCanvas(scene)) return;
    const style = getComputedStyle(canvas);
    const colours = { positive: style.getPropertyValue("--positive"), negative: style.getPropertyValue("--negative") };
    const edges = edgesOf(scene).map(({ layer, i, j, name }) => ({
      curve: scene.geometry.edge(layer, i, j),
      weight: scene.parameter(name, [i, j]),
      opacity: isQuiet(scene, layer) ? 0.16 : 0.6,
    }));
    drawEdges(context, edges.map((edge) => ({ ...edge, width: widthOf(edge.weight) * 0.45 })), colours);
  }

  /** @param {number} place @param {unknown[]} looks */
  isDrawn(place, looks) {
    const before = this.drawn.get(place);
    if (before && before.length === looks.length && looks.every((look, index) => look === before[index])) return true;
    this.drawn.set(place, looks);
    return false;
  }
}

/** @param {Scene} scene @param {Edge} edge @param {(cell: import("../../state.js").Cell) => void} onSelect */
function edgeTemplate(scene, { layer, name, i, j }, onSelect) {
  const dense = scene.geometry.detail === "full" ? 1 : 0.55;
  const weight = scene.parameter(name, [i, j]);
  const path = scene.geometry.edgePath(layer, i, j);
  return svg`<path class="edge ${weight < 0 ? "negative" : "positive"}" d=${path}
      stroke-width=${(widthOf(weight) * dense).toFixed(2)} data-cell=${`${name}:${i},${j}`}></path>
    <path class="edge-hit" d=${path} @click=${() => onSelect({ tensor: name, index: [i, j] })}><title>${name}[${i}, ${j}] = ${number(weight)}</title></path>`;
}

/**
 * The edge under a point, where edges are pixels.
 * @param {Scene} scene
 * @param {Point} point
 * @returns {import("../../state.js").Cell | null}
 */
export function edgeAt(scene, point) {
  let best = { distance: 8, cell: /** @type {import("../../state.js").Cell | null} */ (null) };
  for (const edge of edgesOf(scene)) {
    const lane = scene.geometry.edgeLane(edge.layer, edge.i, edge.j);
    for (let t = 0; t <= 1; t += 1 / 24) {
      const { x, y } = lane(t);
      const distance = Math.hypot(x - point.x, y - point.y);
      if (distance < best.distance) best = { distance, cell: { tensor: edge.name, index: [edge.i, edge.j] } };
    }
  }
  return best.cell;
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

import { noChange, svg } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { currentLanguage } from "../../core/i18n.js";
import { currentTheme } from "../../core/theme.js";
import { contextOf } from "../../draw/canvas.js";
import { amongMany, drawEdges, widthOf } from "../../draw/edges.js";
import { pointOn, pressed } from "./press.js";

/**
 * The edges: sign by colour and dash, size by width. In the backward pass they are their gradients.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("../../draw/geometry.js").Point} Point
 * @typedef {{layer: number, i: number, j: number, name: string}} Edge
 */

/** More edges than this are drawn on a canvas: as elements they would cost milliseconds whenever weights move. */
const MAX_ELEMENTS = 150;
/** In px, by which another edge has to be nearer to a press than the one that it hits. */
const CLEARLY = 2;
/** How an edge looks: sign by dash, and by colour where it is a weight. @param {number} value @param {boolean} isGradient */
export const kindOf = (value, isGradient) => `${value < 0 ? "negative" : "positive"} ${isGradient ? (value === 0 ? "backward nothing" : "backward") : ""}`;

/** @type {WeakMap<import("../../trace/program/program.js").Program, Edge[]>} */
const edges = new WeakMap();

/** @param {Scene} scene @returns {Edge[]} */
export function edgesOf({ program }) {
  let found = edges.get(program);
  if (!found) edges.set(program, (found = allEdges(program)));
  return found;
}

/** @param {import("../../trace/program/program.js").Program} program @returns {Edge[]} */
function allEdges(program) {
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
  const name = /** @type {import("../../trace/program/program.js").Tensor} */ (program.named("W", layer)).name;
  const next = timeline.operations.findIndex((operation) => program.tensor(operation.output).role === "next" && program.tensor(operation.output).of === name);
  const arrived = state.operation === next ? state.arrived : state.operation > next;
  const { isGradient } = scene.edgeValues(layer, name);
  return [state.live ?? (isGradient && scene.scope === "sample" ? scene.trace : scene.batch), isGradient, geometry.width, geometry.height, geometry.detail, scene.scale, arrived, currentTheme(), currentLanguage(), isQuiet(scene, layer), isReached(scene, layer), silentUnits(scene, layer).join(), followed(scene, layer), state.hidden, state.lab?.concealed];
}

/** Whether the edges of a layer stand back. @param {Scene} scene @param {number} layer */
function isQuiet(scene, layer) {
  const name = scene.program.named("W", layer)?.name;
  const target = scene.program.tensor(scene.operation.output);
  const isBeside = target.role === "db" && target.layer === layer;
  return !scene.isLive && !scene.isAtRest && !isBeside && !(name && scene.isInPlay(name));
}

/** Whether Tab stops at the edges of a layer: at those that stand back only in a lab, which may ask for any of its few. @param {Scene} scene @param {number} layer */
const isReached = (scene, layer) => !scene.isLive && (!isQuiet(scene, layer) || scene.state.lab !== null);

/** The units of a layer at whose shut gate the gradient has stopped: nothing is left for the edges into them. @param {Scene} scene @param {number} layer */
const silentUnits = (scene, layer) => Array.from({ length: scene.program.units(layer) }, (_, unit) => unit).filter((unit) => scene.hasStopped(layer, unit));

/** The unit whose edges into a layer a lab tells of, where a gradient comes back along them: those of the others stand aside. @param {Scene} scene @param {number} layer */
function followed({ state: { lab, focus }, isLive, operation, program }, layer) {
  const isBack = lab !== null && !isLive && focus !== null && focus.tensor === operation.output && ["da", "dx"].includes(program.tensor(focus.tensor).role);
  return isBack && operation.inputs.includes(program.named("W", layer)?.name ?? "") ? (focus.index.at(-1) ?? null) : null;
}

/** Whether the edges are so many that they are pixels, not elements. @param {Scene} scene */
export const areOnCanvas = (scene) => edgesOf(scene).length > MAX_ELEMENTS;

/** Remembers what is drawn, so that what stands is left alone. */
export class Edges {
  constructor() {
    /** @type {Map<number, unknown[]>} */
    this.drawn = new Map();
    this.theme = "";
    this.colours = { positive: "", negative: "", backward: "" };
  }

  /** Forget what was drawn: the drawing begins again. */
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
    // A canvas that is not drawn on costs nothing: whatever touches it, the browser shows all of it again.
    if (!areOnCanvas(scene)) return this.wipe(canvas);
    const { width, height } = scene.geometry;
    const layers = Array.from({ length: scene.depth }, (_, above) => above + 1);
    if (this.isDrawn(0, layers.flatMap((layer) => looksOf(scene, layer)))) return;
    const context = contextOf(canvas, width, height, scene.scale);
    const all = edgesOf(scene);
    const edges = layers.flatMap((layer) => {
      const own = all.filter((edge) => edge.layer === layer);
      const { at } = scene.edgeValues(layer, own[0].name);
      const isBehind = isQuiet(scene, layer);
      return own.map(({ i, j }) => {
        const { value, isGradient } = at([i, j]);
        return { curve: scene.geometry.edge(layer, i, j), value, isGradient, ...amongMany(value, isGradient, isBehind) };
      });
    });
    drawEdges(context, edges, this.coloursOf(canvas));
  }

  /** Draw nothing. @param {HTMLCanvasElement} canvas */
  wipe(canvas) {
    if (canvas.width > 0) canvas.width = 0;
    this.drawn.delete(0);
  }

  /** Asked for again with another theme only: the answer makes the browser look at the styles of the whole page. @param {HTMLCanvasElement} canvas */
  coloursOf(canvas) {
    const theme = currentTheme();
    if (this.theme !== theme) {
      const style = getComputedStyle(canvas);
      this.colours = { positive: style.getPropertyValue("--positive"), negative: style.getPropertyValue("--negative"), backward: style.getPropertyValue("--backward") };
      this.theme = theme;
    }
    return this.colours;
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
  const { value, isGradient } = scene.edgeValues(layer, name).at([i, j]);
  const weight = scene.parameter(name, [i, j]);
  const path = scene.geometry.edgePath(layer, i, j);
  const cell = { tensor: name, index: [i, j] };
  const unit = followed(scene, layer);
  // Where edges run close, the one on top is not always the one that is meant.
  const onClick = (/** @type {PointerEvent} */ event) => {
    const point = pointOn(event, /** @type {SVGSVGElement} */ (/** @type {SVGElement} */ (event.currentTarget).ownerSVGElement), scene.scale);
    onSelect(edgeAt(scene, point, distance(scene, { layer, i, j }, point) - CLEARLY) ?? cell);
  };
  return svg`<path class="edge ${kindOf(value, isGradient)} ${scene.hasStopped(layer, j) ? "silent" : ""} ${unit !== null && unit !== i ? "aside" : ""}" d=${path}
      stroke-width=${(widthOf(value) * dense).toFixed(2)} data-cell=${`${name}:${i},${j}`}></path>
    <path class="edge-hit" d=${path} tabindex=${isReached(scene, layer) ? 0 : -1} role="button" aria-label=${`${name}[${i}, ${j}] = ${number(weight)}`}
      @click=${onClick} @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, () => onSelect(cell))}><title>${name}[${i}, ${j}] = ${number(weight)}${isGradient ? `\nd${name}[${i}, ${j}] = ${number(value)}` : ""}</title></path>`;
}

/**
 * The edge nearest to a point.
 * @param {Scene} scene
 * @param {Point} point
 * @param {number} [reach] as far away as it may lie
 * @returns {import("../../state.js").Cell | null}
 */
export function edgeAt(scene, point, reach = 8) {
  let best = { distance: reach, cell: /** @type {import("../../state.js").Cell | null} */ (null) };
  for (const edge of edgesOf(scene)) {
    const found = distance(scene, edge, point);
    if (found < best.distance) best = { distance: found, cell: { tensor: edge.name, index: [edge.i, edge.j] } };
  }
  return best.cell;
}

/** How far a point lies from an edge. @param {Scene} scene @param {Pick<Edge, "layer" | "i" | "j">} edge @param {Point} point */
function distance(scene, { layer, i, j }, { x, y }) {
  const lane = scene.geometry.edgeLane(layer, i, j);
  return Math.min(...Array.from({ length: 65 }, (_, at) => lane(at / 64)).map((at) => Math.hypot(at.x - x, at.y - y)));
}

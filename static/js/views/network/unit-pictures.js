import { colour, currentTheme } from "../../core/theme.js";
import { contextOf } from "../../draw/canvas.js";
import { drawUnitPicture } from "../../draw/unit-picture.js";
import { labelOf } from "../../trace/program/outcome.js";
import { isKeptBack } from "../../trace/program/reveal.js";
import { shownMap } from "../../trace/measure/shown-map.js";
import { classColour } from "../palette.js";

/**
 * The small pictures of the hidden units, on a canvas below the drawing: painted when their data change.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("../../draw/unit-picture.js").Box} Box
 */

/** Side of a picture above its gate, in px, the least with which it stands there, and the least in a gate: of a smaller one nothing could be read. */
const LARGEST = 48;
const SMALLEST = 30;
const LEAST_IN_GATE = 20;
/** Between a gate and the picture above it. */
const AIR = 8;

/** Whether each gate of a layer is either open or shut, and a plane of two features tells where. @param {Scene} scene @param {number} layer */
function hasPictures({ program, state, depth }, layer) {
  const { session } = state;
  const map = shownMap(state);
  return layer < depth && session?.dataset?.features === 2 && map !== null && map.x_feature === 0 && map.y_feature === 1 &&
    program.named("derivative_at_zero", layer) !== undefined && program.named("eps", layer) === undefined;
}

/**
 * Where the picture of a unit stands: above its gate, or where there is no room in the place of the gate's plot.
 * @param {Scene} scene @param {number} layer @param {number} unit
 * @returns {(Box & {isInGate: boolean}) | null} null: it has none, it has no room, or which gates are open may be what is asked
 */
export function pictureOf(scene, layer, unit) {
  if (isKeptBack(scene.state) || !hasPictures(scene, layer)) return null;
  const { geometry } = scene;
  const { x, y } = geometry.gateCentre(layer, unit);
  const half = geometry.gate / 2;
  const size = sizeAbove(scene);
  if (size >= SMALLEST) return { x, y: y - half - AIR - size / 2, size, isInGate: false };
  const own = geometry.gate - 3;
  return own * scene.scale >= LEAST_IN_GATE ? { x, y, size: own, isInGate: true } : null;
}

/** What the gates leave free above themselves, the same for all of them. @param {Scene} scene */
function sizeAbove({ geometry, program, depth }) {
  const half = geometry.gate / 2;
  const free = Array.from({ length: depth - 1 }, (_, below) => {
    const [first, second] = [0, 1].map((unit) => (unit < program.units(below + 1) ? geometry.gateCentre(below + 1, unit).y : Infinity));
    return Math.min(first - half - geometry.margins.under, second - first - 2 * half - geometry.margins.words) - 2 * AIR;
  });
  return Math.min(LARGEST, geometry.gate, ...free);
}

export class UnitPictures {
  /** What they were painted from. @type {unknown[]} */
  paintedFrom = [];

  /** @param {HTMLCanvasElement} canvas @param {Scene} scene */
  paint(canvas, scene) {
    const { geometry, scale, program, state, depth } = scene;
    const { live, session } = state;
    // In the phases of the batch no sample is the current one.
    const sample = scene.scope === "batch" ? null : state.sample;
    const map = shownMap(state);
    const isHidden = isKeptBack(state);
    const batch = live ?? scene.batch;
    const from = [canvas, geometry, scale, map, batch, live ? null : sample, isHidden, currentTheme(), devicePixelRatio];
    if (from.every((part, at) => part === this.paintedFrom[at])) return;
    this.paintedFrom = from;
    const layers = Array.from({ length: depth - 1 }, (_, below) => below + 1).filter((layer) => hasPictures(scene, layer));
    if (layers.length === 0 || isHidden || !map || !session) return void (canvas.width = 0);
    const ctx = contextOf(canvas, geometry.width, geometry.height, scale);
    const [colours, dots] = [coloursOf(), dotsOf(batch, map, session, live ? null : sample)];
    for (const layer of layers) {
      const isOpen = map.open?.find((one) => one.layer === layer)?.isOpen;
      for (let unit = 0; unit < program.units(layer); unit++) {
        const box = pictureOf(scene, layer, unit);
        if (!box) continue;
        const corners = layer === 1 ? map.z?.map((row) => row.map((cell) => cell[unit])) : undefined;
        drawUnitPicture(ctx, box, { corners, isOpen: isOpen?.[unit] }, dots, colours);
      }
    }
  }
}

const coloursOf = () => ({ open: colour("gate"), shut: colour("shut-quiet"), ink: colour("ink"), surface: colour("surface"), frame: colour("line-strong") });

/**
 * @param {import("../../trace/program/trace.js").Trace} batch
 * @param {import("../../api/view.js").DecisionMap} map
 * @param {import("../../state.js").Session} session
 * @param {number | null} shown
 */
function dotsOf(batch, { x, y }, { dataset }, shown) {
  const [of, target] = ["x", "y"].map((role) => batch.named(role)?.name ?? "");
  const [xs, ys] = [batch.cells(of), batch.cells(target)];
  const units = ys.length / batch.m;
  const part = (/** @type {number} */ value, /** @type {number[]} */ axis) => (value - axis[0]) / (axis[axis.length - 1] - axis[0]);
  return Array.from({ length: batch.m }, (_, row) => {
    const label = dataset.target ? null : labelOf(ys.subarray(row * units, (row + 1) * units), dataset.class_names.length);
    return { across: part(xs[2 * row], x), up: part(xs[2 * row + 1], y), colour: label === null ? colour("ink-quiet") : classColour(label), isShown: row === shown };
  });
}

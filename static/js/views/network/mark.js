import { svg } from "../../vendor/lit.js";
import { placeOf } from "../../draw/places.js";
import { targetsOf } from "../../lab/targets.js";
import { widthOf } from "../../draw/edges.js";
import { kindOf } from "./edges.js";
import { tabBox, tabOf } from "./units.js";

/**
 * The mark on what the card was asked about, and on what a lab wants to be clicked: a halo along an edge, a ring around anything else. Who asks about a
 * gradient sees what it is the gradient of.
 *
 * @typedef {import("./scene.js").Scene} Scene
 */

/** How much wider than its edge a halo is. */
const HALO = 10;

/** Between a tab and its ring, which stands between the name above and the number below. */
const ROUND_TAB = 2;

/** @param {Scene} scene @param {(scene: Scene, cell: import("../../state.js").Cell, kind: string) => unknown} markOf */
function marks(scene, markOf) {
  const { focus, lab } = scene.state;
  if (scene.isLive) return "";
  const isMarked = (/** @type {import("../../state.js").Cell} */ { tensor, index }) => focus?.tensor === tensor && focus.index.join() === index.join();
  return [...targetsOf(lab).map((cell) => (isMarked(cell) ? "" : markOf(scene, cell, "target"))), focus ? markOf(scene, focus, "") : ""];
}

/** Below what they mark. @param {Scene} scene */
export const markTemplate = (scene) => marks(scene, cellMark);

/** Above all else: around the tab of a bias, which lies on its unit. @param {Scene} scene */
export const tabMarkTemplate = (scene) => marks(scene, tabMark);

/** The unit whose tab holds a cell, or null. @param {Scene} scene @param {import("../../state.js").Cell} cell */
function tabHolding(scene, { tensor, index }) {
  if (!scene.program.byName.has(tensor) || !scene.hasTabs || !scene.hasBiases || scene.geometry.isInRows) return null;
  const { role, layer, name } = scene.program.tensor(scene.program.root(tensor));
  return role === "b" && layer !== null && index.length === 1 ? { layer, name, unit: index[0] } : null;
}

/** @param {Scene} scene @param {import("../../state.js").Cell} cell @param {string} kind */
function tabMark(scene, cell, kind) {
  const held = tabHolding(scene, cell);
  if (!held) return "";
  const { x, y, width, height } = tabBox(scene, held.layer, held.unit, tabOf(scene, held.name, held.unit).text);
  const [across, down] = [width / 2 + ROUND_TAB, height / 2 + ROUND_TAB];
  return svg`<rect class="pick ring ${kind}" x=${x - across} y=${y - down} width=${2 * across} height=${2 * down} rx=${down}></rect>`;
}

/** @param {Scene} scene @param {import("../../state.js").Cell} cell @param {string} kind */
function cellMark(scene, { tensor, index }, kind) {
  const { program } = scene;
  if (!program.byName.has(tensor) || tabHolding(scene, { tensor, index })) return "";
  const { role, layer, name } = program.tensor(program.root(tensor));
  if (role === "W" && layer !== null && index.length === 2) return edgeMark(scene, layer, name, index, kind);
  const place = index.length < 2 ? markedPlace(scene, name, index) : null;
  if (!place) return "";
  const { x, y, width, height, round } = scene.geometry.boxOf(place);
  const { ring } = scene.geometry.margins;
  return svg`<rect class="pick ring ${kind}" x=${x - width - ring} y=${y - height - ring} width=${2 * (width + ring)} height=${2 * (height + ring)} rx=${round + ring}></rect>`;
}

/** @param {Scene} scene @param {number} layer @param {string} name @param {number[]} index @param {string} kind */
function edgeMark(scene, layer, name, [i, j], kind) {
  const { value, isGradient } = scene.edgeValues(layer, name).at([i, j]);
  const width = widthOf(value) * (scene.geometry.detail === "full" ? 1 : 0.55);
  const path = scene.geometry.edgePath(layer, i, j);
  return svg`<path class="pick halo ${kind}" d=${path} stroke-width=${width + HALO}></path>
    <path class="pick edge ${kindOf(value, isGradient)}" d=${path} stroke-width=${width}></path>`;
}

/** Roles that are drawn at the bar of their output. */
const OF_OUTPUT = ["y", "dp", "dp_sample"];

/** @param {Scene} scene @param {string} name @param {number[]} index @returns {import("../../draw/places.js").Place | null} */
function markedPlace({ program, depth }, name, index) {
  const { role, layer } = program.tensor(name);
  if (OF_OUTPUT.includes(role)) return { spot: "output", layer: depth, index };
  if (role === "mask" && layer !== null) return { spot: "gate", layer, index };
  const place = placeOf(program, name, index);
  return place && (place.spot === "loss" || index[0] < program.units(place.layer)) ? place : null;
}

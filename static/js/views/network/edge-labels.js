import { svg } from "../../vendor/lit.js";
import { number, signed } from "../../core/format.js";
import { subjectOf } from "../../trace/explain/subject.js";
import { unitBoxes } from "./boxes.js";
import { edgesOf } from "./edges.js";
import { placed } from "./edge-places.js";
import { partingLabel } from "./parting.js";

/**
 * Up to six labels on the edges of the operation in play.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("./edges.js").Edge} Edge
 * @typedef {import("./boxes.js").Box} Box
 * @typedef {{text: string, short?: string, kind: string, size: number}} Label short: for where the whole has no room
 */

const MAX_LABELS = 6;
/** Fewer than this would look as if the other edges had none. */
const LEAST_LABELS = 3;
/** Around the spot that a learner's number marks, in px. */
const AIR = 4;

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
  if (!inputs.includes(name) && !areResultsHidden(scene)) return null;
  const weight = scene.parameter(name, [i, j]);
  return { text: number(weight), kind: weight < 0 ? "negative" : "positive", size: Math.abs(weight) };
}

/** Whether somebody is to work all of it out by hand: then every weight is needed, and nothing else takes the room. @param {Scene} scene */
const areResultsHidden = ({ state: { lab } }) => lab?.concealed.some(({ tensor }) => tensor === "*") ?? false;

/**
 * Where there are more edges than labels, those into or out of the unit that is explained beside the drawing: some numbers of
 * every unit would tell nothing of any.
 * @param {Scene} scene @param {{edge: Edge, label: Label}[]} wanted
 */
function ofOneUnit(scene, wanted) {
  const subject = subjectOf(scene.state, null);
  if (!subject) return wanted;
  const isOut = ["da", "dx"].includes(scene.program.tensor(subject.target).role ?? "");
  const unit = subject.index.at(-1);
  const own = wanted.filter(({ edge }) => (isOut ? edge.i : edge.j) === unit);
  return own.length ? own : wanted;
}

/** Whether what is in play and explained is the gradient that comes back to a unit. @param {Scene} scene */
function isToldBack({ state, operation, program }) {
  const target = subjectOf(state, null)?.target;
  return target === operation.output && ["da", "dx"].includes(program.tensor(target).role);
}

/** @type {WeakMap<Scene, ReturnType<typeof labelsOf>>} */
const known = new WeakMap();

/** Labels on the edges of the operation in play. @param {Scene} scene */
export function edgeLabels(scene) {
  let found = known.get(scene);
  if (!found) known.set(scene, (found = labelsOf(scene)));
  return found;
}

/** None. */
const NO_LABELS = { labels: [], isShort: false };

/**
 * That of the edge that is asked about first, then the largest, where they touch no unit, no other label and no other edge.
 * @param {Scene} scene
 * @returns {{labels: ReturnType<typeof placed>, isShort: boolean}} isShort: whether a few edges have numbers that are not written on them
 */
function labelsOf(scene) {
  const { geometry } = scene;
  // While packets fly they carry the numbers; what lies on the edges is written when they have arrived.
  const isMoving = (scene.state.isPlaying || scene.state.isOpening) && scene.program.tensor(scene.operation.output).role !== "db";
  const isInFlight = isMoving && scene.state.arrived < scene.operation.units;
  if (scene.isLive || (scene.isAtRest && !areResultsHidden(scene)) || isInFlight || geometry.detail === "tiny") return NO_LABELS;
  const edges = edgesOf(scene);
  const { focus } = scene.state;
  const asked = focus && scene.program.byName.has(focus.tensor) ? `${scene.program.root(focus.tensor)}:${focus.index}` : "";
  const isAsked = (/** @type {Edge} */ { name, i, j }) => asked === `${name}:${i},${j}`;
  const wanted = edges
    .map((edge) => ({ edge, label: labelOf(scene, edge) }))
    .flatMap(({ edge, label }) => (label ? [{ edge, label }] : []))
    .sort((a, b) => Number(isAsked(b.edge)) - Number(isAsked(a.edge)) || b.label.size - a.label.size);
  const areAllNeeded = areResultsHidden(scene);
  if (wanted.length === 0) return NO_LABELS;
  const areMany = wanted.length > MAX_LABELS;
  // Where a lab tells how a gradient comes back to a unit, its weights are few enough to stand anywhere.
  const ofUnit = scene.state.lab && !areAllNeeded && !isAsked(wanted[0].edge) && isToldBack(scene) ? ofOneUnit(scene, wanted) : [];
  const areFew = ofUnit.length > 0 && ofUnit.length < LEAST_LABELS;
  if (!geometry.hasNumbers && !areAllNeeded && !areFew && !isAsked(wanted[0].edge)) return { labels: [], isShort: !areMany };
  const meant = areMany && !isAsked(wanted[0].edge) ? ofOneUnit(scene, wanted) : wanted;
  const own = areAllNeeded ? wanted : meant.slice(0, MAX_LABELS);
  const taken = [...unitBoxes(scene), ...markBoxes(scene)];
  const whole = placed(scene, own, taken, ({ text }) => text, areAllNeeded, isAsked);
  // All are written alike: in short where then more of them have room.
  const short = whole.length < own.length && own.some(({ label }) => label.short) ? placed(scene, own, taken, ({ text, short: less }) => less ?? text, areAllNeeded, isAsked) : whole;
  const labels = short.length > whole.length ? short : whole;
  const areEnough = labels.length >= Math.min(LEAST_LABELS, own.length);
  if (areFew && !(geometry.hasNumbers && areEnough)) {
    const alone = placed(scene, ofUnit, taken, ({ text, short: less }) => less ?? text, areAllNeeded, isAsked);
    if (alone.length === ofUnit.length) return { labels: alone, isShort: !areMany };
  }
  const shown = areEnough && (areAllNeeded || geometry.hasNumbers) ? labels : labels.filter(({ edge }) => isAsked(edge));
  return { labels: shown, isShort: shown.length < wanted.length && !areMany };
}

/** The label of a learner's number, and the spot that it marks. @param {Scene} scene @returns {Box[]} */
function markBoxes(scene) {
  const label = partingLabel(scene);
  if (!label) return [];
  const { x, y, reach } = label.spot;
  return [label, { x, y, halfWidth: reach + AIR, halfHeight: reach + AIR }];
}

/** @param {Scene} scene @param {(cell: import("../../state.js").Cell) => void} onSelect */
export const edgeLabelsTemplate = (scene, onSelect) =>
  edgeLabels(scene).labels.map(({ x, y, text, kind, edge: { name, i, j } }) => svg`<text class="edge-label label ${kind}" data-edge=${`${name}:${i},${j}`} @click=${() => onSelect({ tensor: name, index: [i, j] })} x=${x} y=${y + 5}>${text}</text>`);

import { svg } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { placeOf } from "../../draw/places.js";
import { overlap, unitBoxes } from "./boxes.js";
import { widthIn } from "./fonts.js";

/**
 * The learner's number beside the right one, at the cell where they part.
 *
 * @typedef {import("./scene.js").Scene} Scene
 */

/** Of a line of the label, in px. */
const LINE = 20;
/** From the label to the cell and to the rim. */
const AIR = 12;
/** Between two places that are tried. */
const STEP = 16;

/** @typedef {{spot: {x: number, y: number, reach: number}, lines: string[], x: number, y: number, halfWidth: number, halfHeight: number}} Label x, y: its middle */

/** @type {WeakMap<Scene, Label | null>} */
const labels = new WeakMap();

/** Where the label stands, and what it marks; null where nothing parts in what is on show. @param {Scene} scene @returns {Label | null} */
export function partingLabel(scene) {
  let label = labels.get(scene);
  if (label === undefined) labels.set(scene, (label = labelOf(scene)));
  return label;
}

/** @param {Scene} scene @returns {Label | null} */
function labelOf(scene) {
  const { parting, session, sample } = scene.state;
  if (!parting || parting.session !== session?.id || scene.isLive || !scene.program.byName.has(parting.tensor)) return null;
  // Numbers of single samples stand in the view of their own sample alone.
  if (scene.program.tensor(parting.tensor).axes.length > parting.index.length && (scene.scope === "batch" || parting.sample !== sample)) return null;
  const spot = spotOf(scene, parting);
  if (!spot) return null;
  const lines = [t("doctor.mark.right", { name: parting.tensor, right: number(parting.right) }), t("doctor.mark.own", { own: number(parting.own) })];
  const halfWidth = Math.max(...lines.map((line) => widthIn(scene, "parting", line))) / 2 + AIR;
  const halfHeight = (lines.length * LINE) / 2 + 6;
  return { spot, lines, halfWidth, halfHeight, ...freePlace(scene, spot, halfWidth, halfHeight) };
}

/** The nearest place that covers the least. @param {Scene} scene @param {Label["spot"]} spot @param {number} halfWidth @param {number} halfHeight */
function freePlace(scene, spot, halfWidth, halfHeight) {
  const { geometry } = scene;
  const { width, height, loss, lossCentre } = geometry;
  const taken = [...unitBoxes(scene), { ...lossCentre, halfWidth: loss.width / 2, halfHeight: loss.height / 2 }, { x: spot.x, y: spot.y, halfWidth: spot.reach, halfHeight: spot.reach }];
  let best = { x: spot.x, y: spot.y };
  let least = Infinity;
  for (let y = geometry.margins.title + 8 + halfHeight; y <= height - halfHeight - AIR; y += STEP) {
    for (let x = AIR + halfWidth; x <= width - halfWidth - AIR; x += STEP) {
      const box = { x, y, halfWidth: halfWidth + AIR / 2, halfHeight: halfHeight + AIR / 2 };
      const cost = taken.reduce((sum, one) => sum + overlap(box, one), 0) + Math.hypot(x - spot.x, y - spot.y);
      if (cost < least) [best, least] = [{ x, y }, cost];
    }
  }
  return best;
}

/** @param {Scene} scene */
export function partingTemplate(scene) {
  const label = partingLabel(scene);
  if (!label) return "";
  const { spot, lines, x, y, halfWidth, halfHeight } = label;
  const way = Math.hypot(x - spot.x, y - spot.y) || 1;
  return svg`<g class="parting" role="img" aria-label=${lines.join(", ")}>
    <path d=${`M${x} ${y}L${spot.x + ((x - spot.x) * spot.reach) / way} ${spot.y + ((y - spot.y) * spot.reach) / way}`}></path>
    <circle cx=${spot.x} cy=${spot.y} r=${spot.reach}></circle>
    <rect x=${x - halfWidth} y=${y - halfHeight} width=${2 * halfWidth} height=${2 * halfHeight} rx="10"></rect>
    <text class="is-right" x=${x} y=${y - 5}>${lines[0]}</text>
    <text class="is-own" x=${x} y=${y + LINE - 5}>${lines[1]}</text></g>`;
}

/** Around what it marks: a weight and a bias are small. */
const REACH = { edge: 7, bias: 16 };

/** @param {Scene} scene @param {{tensor: string, index: number[]}} cell */
function spotOf({ geometry, program }, { tensor, index }) {
  const place = placeOf(program, tensor, index);
  if (!place) return null;
  if (place.spot === "edge") return { ...geometry.edgeSpot(place.layer, index[0], index[1]), reach: REACH.edge };
  if (place.spot === "bias") return { ...geometry.bias(place.layer, index[0]), reach: REACH.bias };
  const { x, y, width } = geometry.boxOf(place);
  return { x, y, reach: place.spot === "loss" ? width : width + 6 };
}

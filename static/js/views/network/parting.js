import { svg } from "../../../vendor/lit-html/lit-html.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { placeOf } from "../../draw/places.js";

/**
 * The learner's number beside the right one, at the cell where they part.
 *
 * @typedef {import("./scene.js").Scene} Scene
 */

/** Of a line of the label, in px. */
const LINE = 20;
const LETTER = 8;
/** From the cell to the label, and from the label to the rim. */
const AIR = 12;
/** What stands over the columns ends here. */
const TITLES = 30;

/**
 * Where the label stands, and what it marks; null where nothing parts in what is on show.
 * @param {Scene} scene
 */
export function partingBox(scene) {
  const { parting, session, sample } = scene.state;
  if (!parting || parting.session !== session?.id || scene.isLive || !scene.program.byName.has(parting.tensor)) return null;
  // Numbers of single samples stand in the view of their own sample alone.
  if (scene.program.tensor(parting.tensor).axes.length > parting.index.length && (scene.scope === "batch" || parting.sample !== sample)) return null;
  const spot = spotOf(scene, parting);
  if (!spot) return null;
  const lines = [t("doctor.mark.right", { name: parting.tensor, right: number(parting.right) }), t("doctor.mark.own", { own: number(parting.own) })];
  const width = Math.max(...lines.map((line) => line.length)) * LETTER + 24;
  const height = lines.length * LINE + 12;
  const x = Math.min(scene.geometry.width - width - AIR, Math.max(AIR, spot.x - width / 2));
  const isBelow = spot.y - spot.reach - height - 2 * AIR < TITLES;
  const y = isBelow ? spot.y + spot.reach + AIR : spot.y - spot.reach - AIR - height;
  return { spot, lines, x, y, width, height, isBelow };
}

/** @param {Scene} scene */
export function partingTemplate(scene) {
  const box = partingBox(scene);
  if (!box) return "";
  const { spot, lines, x, y, width, height, isBelow } = box;
  return svg`<g class="parting" role="img" aria-label=${lines.join(", ")}>
    <path d=${`M${spot.x} ${isBelow ? y : y + height}V${spot.y + (isBelow ? 1 : -1) * spot.reach}`}></path>
    <circle cx=${spot.x} cy=${spot.y} r=${spot.reach}></circle>
    <rect x=${x} y=${y} width=${width} height=${height} rx="10"></rect>
    <text class="is-right" x=${x + width / 2} y=${y + LINE + 1}>${lines[0]}</text>
    <text class="is-own" x=${x + width / 2} y=${y + 2 * LINE + 1}>${lines[1]}</text></g>`;
}

/** @param {Scene} scene @param {{tensor: string, index: number[]}} cell */
function spotOf({ geometry, program, depth }, { tensor, index }) {
  const place = placeOf(program, tensor, index);
  if (!place) return null;
  const { spot, layer, index: at } = place;
  const reach = geometry.w + 6;
  if (spot === "edge") return { ...geometry.edgeSpot(layer, at[0], at[1]), reach: 7 };
  if (spot === "bias") return { ...geometry.bias(layer, at[0]), reach: 16 };
  if (spot === "sum") return { ...geometry.z(layer, at[0]), reach };
  if (spot === "loss") return { ...geometry.lossCentre, reach: geometry.loss.width / 2 };
  return { ...geometry.a(spot === "output" ? depth : layer, at[0]), reach };
}

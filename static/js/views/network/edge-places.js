import { edgesOf } from "./edges.js";
import { widthIn } from "./fonts.js";

/**
 * Where labels stand on their edges: such that a reader sees whose they are.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("./edges.js").Edge} Edge
 * @typedef {import("./edge-labels.js").Label} Label
 * @typedef {import("../../draw/geometry.js").Point} Point
 * @typedef {import("../../draw/geometry.js").Geometry} Geometry
 * @typedef {{spot: Point, cost: number}} Option
 * @typedef {{edge: Edge, kind: string, text: string, half: number, options: Option[], at: Option}} Placed half: of its width, with air
 */

/** Parts of the way along an edge where its label may stand. */
const SPOTS = Array.from({ length: 27 }, (_, k) => 0.175 + k * 0.025);
/** Points of an edge that are looked at: nearer to each other than a label is high. */
const POINTS = 33;
/** Half the height of a label, with air, and of its digits. */
const HALF_LINE = 10;
const HALF_DIGITS = 7;
/** Beside a label with its halo, in px. */
const AIR = 4;
/** More room than this around a label is no better. */
const ENOUGH = 24;
/** What it costs a label that another edge runs through it, and that it stands away from the middle of its own. */
const CROSSED = 100;
const ASIDE = 6;

/**
 * Labels one after the other, as long as they have room: each where no other edge runs through it, if there is such a place.
 * @param {Scene} scene @param {{edge: Edge, label: Label}[]} wanted the one that matters most first
 * @param {import("./boxes.js").Box[]} taken @param {(label: Label) => string} textOf @param {(edge: Edge) => boolean} isAsked
 * @returns {{labels: {edge: Edge, kind: string, text: string, x: number, y: number}[], crossed: number}} crossed: how many of them another edge runs through
 */
export function placed(scene, wanted, taken, textOf, isAsked) {
  /** @type {Placed[]} */
  const labels = [];
  for (const { edge, label } of wanted) {
    const text = textOf(label);
    const half = widthIn(scene, "edge", text) / 2 + AIR;
    const options = optionsOf(scene, edge, half).filter(({ spot }) => !taken.some((box) => Math.abs(spot.x - box.x) < half + box.halfWidth && Math.abs(spot.y - box.y) < HALF_LINE + box.halfHeight));
    const own = { edge, kind: label.kind, text, half, options };
    const at = bestOf(own, labels) ?? afterMoving(own, labels);
    // A small number would look like the one that matters where a larger one has no room.
    if (!at && !isAsked(edge)) break;
    if (at) labels.push({ ...own, at });
  }
  // The first ones did not know of the last ones.
  for (const label of labels) label.at = bestOf(label, labels) ?? label.at;
  return {
    labels: labels.map(({ edge, kind, text, at: { spot } }) => ({ edge, kind, text, x: spot.x, y: spot.y })),
    crossed: labels.filter(({ at: { cost } }) => cost > CROSSED - ENOUGH).length,
  };
}

/** The best place that touches no other label. @param {Omit<Placed, "at">} label @param {Placed[]} others @param {Placed | null} but */
function bestOf(label, others, but = null) {
  const isFree = (/** @type {Option} */ { spot }) => others.every((other) => other === but || other.edge === label.edge || Math.abs(spot.x - other.at.spot.x) >= label.half + other.half || Math.abs(spot.y - other.at.spot.y) >= 2 * HALF_LINE);
  return label.options.reduce((best, option) => ((best === null || option.cost < best.cost) && isFree(option) ? option : best), /** @type {Option | null} */ (null));
}

/** A place for a label for which another one gives way. @param {Omit<Placed, "at">} label @param {Placed[]} others */
function afterMoving(label, others) {
  for (const other of others) {
    for (const option of label.options) {
      const own = { ...label, at: option };
      if (bestOf({ ...label, options: [option] }, others, other) === null) continue;
      const next = bestOf(other, [...others.filter((one) => one !== other), own]);
      if (!next) continue;
      other.at = next;
      return option;
    }
  }
  return null;
}

/** @type {WeakMap<Geometry, Map<string, Option[]>>} */
const options = new WeakMap();

/** Where a label could stand on an edge, and how well. @param {Scene} scene @param {Edge} edge @param {number} half of its width @returns {Option[]} */
function optionsOf(scene, edge, half) {
  const { geometry } = scene;
  let known = options.get(geometry);
  if (!known) options.set(geometry, (known = new Map()));
  const key = `${edge.layer} ${edge.i} ${edge.j} ${Math.round(half)}`;
  let own = known.get(key);
  if (!own) known.set(key, (own = SPOTS.map((part) => ({ part, spot: geometry.edgeLane(edge.layer, edge.i, edge.j)(part) })).map(({ part, spot }) => ({ spot, cost: costOf(scene, edge, spot, half) + ASIDE * Math.abs(part - 0.5) }))));
  return own;
}

/** Written without lists: a layer has hundreds of edges. @param {Scene} scene @param {Edge} edge @param {Point} spot @param {number} half */
function costOf(scene, edge, spot, half) {
  let [crossed, room] = [0, ENOUGH];
  for (const other of edgesOf(scene)) {
    if (other === edge || other.layer !== edge.layer) continue;
    const way = pointsOf(scene.geometry, other);
    let least = ENOUGH;
    for (let at = 0; at < way.length && least >= 0; at += 2) {
      const distance = Math.max(Math.abs(spot.x - way[at]) - half, Math.abs(spot.y - way[at + 1]) - HALF_DIGITS);
      if (distance < least) least = distance;
    }
    if (least < 0) crossed++;
    room = Math.min(room, Math.max(0, least));
  }
  return CROSSED * crossed - room;
}

/** @type {WeakMap<Geometry, Map<Edge, Float64Array>>} */
const points = new WeakMap();

/** x and y of points along an edge. @param {Geometry} geometry @param {Edge} edge */
function pointsOf(geometry, edge) {
  let known = points.get(geometry);
  if (!known) points.set(geometry, (known = new Map()));
  let own = known.get(edge);
  if (!own) {
    const lane = geometry.edgeLane(edge.layer, edge.i, edge.j);
    known.set(edge, (own = Float64Array.from({ length: 2 * POINTS }, (_, k) => lane(Math.floor(k / 2) / (POINTS - 1))[k % 2 === 0 ? "x" : "y"])));
  }
  return own;
}

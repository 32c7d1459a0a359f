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
 * @typedef {{spot: Point, cost: number, isClear: boolean}} Option isClear: whether nobody takes the label for one of another edge
 * @typedef {{edge: Edge, kind: string, text: string, half: number, options: Option[], at: Option}} Placed half: of its width, with air
 */

/** Parts of the way along an edge where its label may stand. */
const SPOTS = Array.from({ length: 33 }, (_, k) => 0.1 + k * 0.025);
/** How far above and below its edge, in px; only on the edge where a layer has many. */
const ASIDES = [0, -3, 3, -6, 6];
const FEW_EDGES = 24;
/** Points of an edge that are looked at: nearer to each other than a label is high, and more of them where edges are few. */
const POINTS = { few: 97, many: 65 };
/** Half the height of a label, with air, of its digits with little air, and of their ink. */
const HALF_LINE = 7.5;
const HALF_DIGITS = 7;
const HALF_INK = 5;
/** Beside a label with its halo, in px. */
const AIR = 4;
/** From the ink of a label to its own edge at most, and by how much other edges are farther away, in px. */
const BESIDE = 1;
const CLEARLY = 2;
/** More room than this around a label is no better. */
const ENOUGH = 24;
/** What it costs a label that another edge runs through it, and that it stands away from the middle of its own. */
const CROSSED = 100;
const ASIDE = 6;
/** What a px beside its edge costs. */
const OFF = 1;
/** So many places are tried until all labels have one. */
const TRIES = 2000;

/**
 * Labels, each where nobody takes it for one of another edge; those without such a place are left out, but for the one that is asked about.
 * @param {Scene} scene @param {{edge: Edge, label: Label}[]} wanted the one that matters most first
 * @param {import("./boxes.js").Box[]} taken @param {(label: Label) => string} textOf @param {boolean} areAllNeeded then they stand as clear as may be
 * @param {(edge: Edge) => boolean} isAsked
 * @returns {{edge: Edge, kind: string, text: string, x: number, y: number}[]}
 */
export function placed(scene, wanted, taken, textOf, areAllNeeded, isAsked) {
  const all = wanted.map(({ edge, label }) => {
    const text = textOf(label);
    const half = widthIn(scene, "edge", text) / 2 + AIR;
    const options = optionsOf(scene, edge, half).filter(({ spot }) => !taken.some((box) => Math.abs(spot.x - box.x) < half + box.halfWidth && Math.abs(spot.y - box.y) < HALF_LINE + box.halfHeight));
    return { edge, kind: label.kind, text, half, options };
  });
  const clear = clearOnes(all, isAsked);
  const labels = areAllNeeded && clear.length < all.length ? oneByOne(all) : clear;
  // The first ones did not know of the last ones.
  for (const label of labels) label.at = bestOf(label, labels) ?? label.at;
  return all.flatMap(({ edge }) => labels.filter((label) => label.edge === edge)).map(({ edge, kind, text, at: { spot } }) => ({ edge, kind, text, x: spot.x, y: spot.y }));
}

/** @param {Omit<Placed, "at">[]} all @param {(edge: Edge) => boolean} isAsked */
function clearOnes(all, isAsked) {
  /** @type {Placed[]} */
  let labels = [];
  for (const own of all) {
    const clear = own.options.filter(({ isClear }) => isClear);
    // The edge that is asked about is marked: nobody takes its number for another's.
    const options = clear.length === 0 && isAsked(own.edge) ? own.options : clear;
    labels = allAtOnce([...labels, { ...own, options }]) ?? labels;
  }
  return labels;
}

/** A place for every label at once, or null. @param {Omit<Placed, "at">[]} all @returns {Placed[] | null} */
function allAtOnce(all) {
  // Those with the least choice first.
  const order = [...all].sort((a, b) => a.options.length - b.options.length).map((own) => ({ ...own, options: [...own.options].sort((a, b) => a.cost - b.cost) }));
  let left = TRIES;
  /** @param {Placed[]} before @returns {Placed[] | null} */
  const withNext = (before) => {
    if (before.length === order.length) return before;
    const own = order[before.length];
    for (const at of own.options) {
      if (left-- <= 0) return null;
      const found = isFreeOf(before, own, at) ? withNext([...before, { ...own, at }]) : null;
      if (found) return found;
    }
    return null;
  };
  return withNext([]);
}

/** Labels as long as they have room, the one that matters most first. @param {Omit<Placed, "at">[]} all */
function oneByOne(all) {
  /** @type {Placed[]} */
  const labels = [];
  for (const own of all) {
    const at = bestOf(own, labels) ?? afterMoving(own, labels);
    // A small number would look like the one that matters where a larger one has no room.
    if (!at) break;
    labels.push({ ...own, at });
  }
  return labels;
}

/** Whether a label touches no other one there. @param {Placed[]} others @param {Omit<Placed, "at">} label @param {Option} option */
const isFreeOf = (others, label, { spot }) => others.every((other) => other.edge === label.edge || Math.abs(spot.x - other.at.spot.x) >= label.half + other.half || Math.abs(spot.y - other.at.spot.y) >= 2 * HALF_LINE);

/** The best place that touches no other label. @param {Omit<Placed, "at">} label @param {Placed[]} others @param {Placed | null} but */
function bestOf(label, others, but = null) {
  const rest = but ? others.filter((other) => other !== but) : others;
  return label.options.reduce((best, option) => ((best === null || option.cost < best.cost) && isFreeOf(rest, label, option) ? option : best), /** @type {Option | null} */ (null));
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
  if (!own) {
    const lane = geometry.edgeLane(edge.layer, edge.i, edge.j);
    const rivals = edgesOf(scene).filter((other) => other !== edge && other.layer === edge.layer);
    const areFew = rivals.length < FEW_EDGES;
    const asides = areFew ? ASIDES : [0];
    const count = areFew ? POINTS.few : POINTS.many;
    const ways = { own: pointsOf(geometry, edge, count), others: rivals.map((other) => pointsOf(geometry, other, count)) };
    known.set(key, (own = SPOTS.flatMap((part) => asides.map((aside) => {
      const { x, y } = lane(part);
      return optionAt({ x, y: y + aside }, half, ways, ASIDE * Math.abs(part - 0.5) + OFF * Math.abs(aside));
    }))));
  }
  return own;
}

/**
 * A place among the edges. Written without lists: a layer has hundreds of them.
 * @param {Point} spot @param {number} half @param {{own: Float64Array, others: Float64Array[]}} ways @param {number} away what it costs by its place on the edge
 * @returns {Option}
 */
function optionAt(spot, half, { own, others }, away) {
  const mine = distances(own, spot, half - AIR);
  let [crossed, room, isClear] = [0, ENOUGH, mine.toInk <= BESIDE];
  for (const way of others) {
    const { toBox, toInk, toMiddle } = distances(way, spot, half - AIR);
    if (toBox < 0) crossed++;
    room = Math.min(room, Math.max(0, toBox));
    isClear &&= toInk >= Math.max(0, mine.toInk) + CLEARLY && toMiddle > mine.toMiddle;
  }
  return { spot, cost: CROSSED * Math.max(crossed, Number(!isClear)) - room + away, isClear };
}

/** How far an edge is from a label with its air, from its ink, and from its middle. @param {Float64Array} way @param {Point} spot @param {number} half of the ink */
function distances(way, { x, y }, half) {
  let [toBox, toInk, toMiddle] = [Infinity, Infinity, Infinity];
  for (let at = 0; at < way.length; at += 2) {
    const [across, down] = [Math.abs(x - way[at]), Math.abs(y - way[at + 1])];
    toBox = Math.min(toBox, Math.max(across - half - AIR, down - HALF_DIGITS));
    toInk = Math.min(toInk, Math.max(across - half, down - HALF_INK));
    toMiddle = Math.min(toMiddle, across * across + down * down);
  }
  return { toBox, toInk, toMiddle };
}

/** @type {WeakMap<Geometry, Map<Edge, Float64Array>>} */
const points = new WeakMap();

/** x and y of points along an edge. @param {Geometry} geometry @param {Edge} edge @param {number} count the same for all edges of its layer */
function pointsOf(geometry, edge, count) {
  let known = points.get(geometry);
  if (!known) points.set(geometry, (known = new Map()));
  let own = known.get(edge);
  if (!own) {
    const lane = geometry.edgeLane(edge.layer, edge.i, edge.j);
    known.set(edge, (own = Float64Array.from({ length: 2 * count }, (_, k) => lane(Math.floor(k / 2) / (count - 1))[k % 2 === 0 ? "x" : "y"])));
  }
  return own;
}

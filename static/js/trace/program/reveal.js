/**
 * Which values are on the page at a place of the timeline: what has been computed by then, and nothing else.
 *
 * @typedef {import("./timeline.js").Timeline} Timeline
 * @typedef {{operation: number, arrived: number}} Place
 * @typedef {{hidden?: import("../../state.js").Cell | null, lab?: Pick<import("../../state.js").LabState, "concealed"> | null}} Secrets
 *   hidden: what is to be predicted first; lab: what it conceals, without an index every cell of a tensor, "*" all that is computed
 */

/** @type {WeakMap<Timeline, Map<string, number>>} */
const makers = new WeakMap();

/** Index of the operation that makes a tensor, by "scope name". @param {Timeline} timeline */
function makersOf(timeline) {
  let map = makers.get(timeline);
  if (!map) {
    map = new Map();
    for (const [index, operation] of timeline.operations.entries()) {
      for (const name of [operation.output, ...operation.nodes.map((node) => node.output)]) map.set(`${operation.scope} ${name}`, index);
    }
    makers.set(timeline, map);
  }
  return map;
}

/**
 * Whether a cell has been computed when the operation of this index is in play and so many of its units have arrived.
 * @param {Timeline} timeline
 * @param {Place & Secrets} place
 * @param {"sample" | "batch"} scope
 * @param {string} name
 * @param {readonly number[]} index of the cell, without the sample axis; the last number alone: of all cells of that unit
 */
export const isKnown = (timeline, place, scope, name, index) =>
  hasArrived(timeline, place, scope, name, index.at(-1) ?? 0) && !isConcealed(timeline, place, scope, name, index);

/**
 * Whether a unit of a tensor has been computed, whether or not the page may show it.
 * @param {Timeline} timeline @param {Place} place @param {"sample" | "batch"} scope @param {string} name @param {number} unit
 */
export function hasArrived(timeline, { operation, arrived }, scope, name, unit) {
  const maker = makersOf(timeline).get(`${scope} ${name}`);
  if (maker === undefined) return false;
  const { units } = timeline.operations[operation];
  return maker < operation || (maker === operation && (arrived >= units || unit < arrived));
}

/**
 * Whether nobody sees a cell yet: it is to be predicted, or a lab asks for it.
 * @param {Timeline} timeline @param {Secrets} secrets @param {"sample" | "batch"} scope @param {string} name
 * @param {readonly number[]} index as above
 */
export function isConcealed(timeline, { hidden, lab }, scope, name, index) {
  if (hidden && hidden.tensor === name && areSame(hidden.index, index)) return true;
  for (const cell of lab?.concealed ?? NOTHING) {
    if (cell.tensor === "*" ? isResult(timeline, scope, name) : cell.tensor === name && (cell.index === null || areSame(cell.index, index))) return true;
  }
  return false;
}

/** @type {readonly import("../../state.js").HiddenCell[]} */
const NOTHING = [];

/** Whether an operation computes a tensor; else it is given. @param {Timeline} timeline @param {"sample" | "batch"} scope @param {string} name */
function isResult(timeline, scope, name) {
  const maker = makersOf(timeline).get(`${scope} ${name}`);
  return maker !== undefined && timeline.operations[maker].nodes.length > 0;
}

/** Whether two indices mean the same cell, as far as both go, from the last number on. @param {readonly number[]} one @param {readonly number[]} other */
function areSame(one, other) {
  for (let back = 1; back <= Math.min(one.length, other.length); back++) if (one[one.length - back] !== other[other.length - back]) return false;
  return true;
}

/** Whether something is kept from the reader until it is answered: then no sentence and no experiment may tell it. @param {Pick<import("../../state.js").State, "hidden" | "lab">} state */
export const isKeptBack = ({ hidden, lab }) => hidden !== null || (lab?.concealed.length ?? 0) > 0;

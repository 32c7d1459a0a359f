/**
 * Which values are on the page at a place of the timeline: what has been computed by then, and nothing else.
 *
 * @typedef {import("./timeline.js").Timeline} Timeline
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
 * @param {{operation: number, arrived: number, hidden?: import("../state.js").Cell | null, lab?: Pick<import("../state.js").LabState, "concealed"> | null}} place
 *   hidden: what is to be predicted first; lab: what it conceals
 * @param {"sample" | "batch"} scope
 * @param {string} name
 * @param {number} unit last number of the cell's index
 */
export function isKnown(timeline, { operation, arrived, hidden, lab }, scope, name, unit) {
  if (hidden && hidden.tensor === name && (hidden.index.at(-1) ?? 0) === unit) return false;
  const maker = makersOf(timeline).get(`${scope} ${name}`);
  if (maker === undefined) return false;
  if (lab?.concealed.some((cell) => isPartOf(cell, name, unit, timeline.operations[maker].nodes.length > 0))) return false;
  const { units } = timeline.operations[operation];
  return maker < operation || (maker === operation && (arrived >= units || unit < arrived));
}

/** Whether something is kept from the reader until it is answered: then no sentence and no experiment may tell it. @param {Pick<import("../state.js").State, "hidden" | "lab">} state */
export const isKeptBack = ({ hidden, lab }) => hidden !== null || (lab?.concealed.length ?? 0) > 0;

/**
 * Whether a hidden cell is this one: without an index it is every one of its tensor, "*" is all that is computed.
 * @param {import("../state.js").HiddenCell} cell @param {string} name @param {number} unit @param {boolean} isComputed
 */
const isPartOf = ({ tensor, index }, name, unit, isComputed) => (tensor === "*" ? isComputed : tensor === name && (index === null || index.at(-1) === unit));

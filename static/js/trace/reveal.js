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
 * @param {{operation: number, arrived: number, hidden?: import("../state.js").Cell | null}} place hidden: what is to be predicted first
 * @param {"sample" | "batch"} scope
 * @param {string} name
 * @param {number} unit last number of the cell's index
 */
export function isKnown(timeline, { operation, arrived, hidden }, scope, name, unit) {
  if (hidden && hidden.tensor === name && (hidden.index.at(-1) ?? 0) === unit) return false;
  const maker = makersOf(timeline).get(`${scope} ${name}`);
  if (maker === undefined) return false;
  const { units } = timeline.operations[operation];
  return maker < operation || (maker === operation && (arrived >= units || unit < arrived));
}

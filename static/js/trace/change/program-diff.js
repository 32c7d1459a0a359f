/**
 * Two programs beside each other, node by node.
 *
 * @typedef {import("../program/program.js").Program} Program
 * @typedef {import("../program/program.js").Node} Node
 * @typedef {{left: Node | null, right: Node | null, isChanged: boolean}} Pair null: the other program alone has this node
 */

/**
 * Nodes belong together when they make the same tensor and stand in the same order; those whose NumPy line differs have
 * changed.
 * @param {Program} left
 * @param {Program} right
 * @returns {Pair[]}
 */
export function programDiff({ nodes: left }, { nodes: right }) {
  const common = lengths(left, right);
  /** @type {Pair[]} */
  const pairs = [];
  let [a, b] = [0, 0];
  while (a < left.length || b < right.length) {
    const isPair = a < left.length && b < right.length && left[a].output === right[b].output;
    if (isPair) {
      pairs.push({ left: left[a], right: right[b], isChanged: left[a].code !== right[b].code });
      a += 1;
      b += 1;
    } else if (b >= right.length || (a < left.length && common[a + 1][b] >= common[a][b + 1])) {
      pairs.push({ left: left[a++], right: null, isChanged: true });
    } else {
      pairs.push({ left: null, right: right[b++], isChanged: true });
    }
  }
  return pairs;
}

/** How many lines a step has, and how many of them are other in the other program. The lines that measure accuracy are no part of training. @param {Pair[]} pairs */
export function linesOf(pairs) {
  const own = pairs.filter(({ left, right }) => (left ?? right)?.phase !== "measure");
  return { changed: own.filter(({ isChanged }) => isChanged).length, total: own.length };
}

/** How many nodes can be paired from (a, b) to the ends. @param {Node[]} left @param {Node[]} right */
function lengths(left, right) {
  const table = Array.from({ length: left.length + 1 }, () => new Array(right.length + 1).fill(0));
  for (let a = left.length - 1; a >= 0; a--) {
    for (let b = right.length - 1; b >= 0; b--) {
      table[a][b] = left[a].output === right[b].output ? table[a + 1][b + 1] + 1 : Math.max(table[a + 1][b], table[a][b + 1]);
    }
  }
  return table;
}

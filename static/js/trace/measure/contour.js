/**
 * Where a value on a grid is zero.
 *
 * @typedef {[number, number, number, number]} Segment from (u, v) to (u, v), both from 0 to 1 over the grid
 */

/**
 * The line where values change their sign, cell by cell: straight where they are linear, and then a grid of two by two
 * tells it exactly. A value of 0 belongs to the side below.
 * @param {number[][]} values by row of v, column of u
 * @returns {Segment[]}
 */
export function zeroLine(values) {
  const [rows, columns] = [values.length - 1, values[0].length - 1];
  /** @type {Segment[]} */
  const segments = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const crossings = crossingsOf(values, row, column);
      for (let at = 0; at + 1 < crossings.length; at += 2) {
        const [[fromU, fromV], [toU, toV]] = [crossings[at], crossings[at + 1]];
        segments.push([fromU / columns, fromV / rows, toU / columns, toV / rows]);
      }
    }
  }
  return segments;
}

/** Points on the border of a cell where the sign changes, in the order around it. @param {number[][]} values @param {number} row @param {number} column */
function crossingsOf(values, row, column) {
  const corners = [[0, 0], [0, 1], [1, 1], [1, 0]].map(([up, right]) => ({ u: column + right, v: row + up, value: values[row + up][column + right] }));
  const found = corners.flatMap((from, at) => {
    const to = corners[(at + 1) % 4];
    if (from.value > 0 === to.value > 0 || !Number.isFinite(from.value - to.value)) return [];
    const part = from.value / (from.value - to.value);
    return [[from.u + part * (to.u - from.u), from.v + part * (to.v - from.v)]];
  });
  return found;
}

/**
 * The direction in which values grow fastest over the whole grid, as (u, v) of length 1; null where they do not grow.
 * @param {number[][]} values
 * @returns {[number, number] | null}
 */
export function rise(values) {
  const last = /** @type {number[]} */ (values.at(-1));
  const [u, v] = [/** @type {number} */ (values[0].at(-1)) - values[0][0], last[0] - values[0][0]];
  const length = Math.hypot(u, v);
  return length > 0 && Number.isFinite(length) ? [u / length, v / length] : null;
}

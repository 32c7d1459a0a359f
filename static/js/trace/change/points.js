/**
 * Points of the plane as rows to train on: pure, from rows to bodies of PATCH and to what takes them back.
 *
 * @typedef {import("../../session/editing.js").Change} Change
 * @typedef {{x: number[][], y: (number | number[])[]}} Rows
 */

/** How many numbers fit side by side over an axis; what is clicked is rounded to these. */
const FINENESS = 200;

/**
 * What the loss wants to hear of a class: its number, or one number an output.
 * @param {number} label
 * @param {Pick<import("../../state.js").Session, "targets" | "model">} session
 * @returns {number | number[]}
 */
export function targetOf(label, { targets, model }) {
  const { units } = model.output;
  if (targets === "classes" || units === 1) return label;
  return Array.from({ length: units }, (_, unit) => Number(unit === label));
}

/** A new row at the end. @param {Rows} rows @param {number[]} x @param {number | number[]} y @returns {Change} */
export const adding = (rows, x, y) => ({
  key: `points:add:${rows.x.length}`,
  forward: { data: { add: { x: [x], y: [y] } } },
  back: { data: { remove: [rows.x.length] } },
});

/** Another class for a row. @param {Rows} rows @param {number} row @param {number | number[]} y @returns {Change} */
export const relabelling = (rows, row, y) => ({
  key: `points:set:${row}`,
  forward: { data: { set: [{ row, y }] } },
  back: { data: { set: [{ row, y: entry(rows.y[row]) }] } },
});

/**
 * One row less. To take that back, every row behind it moves up again, and the last one is added again.
 * @param {Rows} rows
 * @param {number} row
 * @returns {Change}
 */
export function removing(rows, row) {
  const last = rows.x.length - 1;
  const behind = Array.from({ length: last - row }, (_, after) => row + after);
  return {
    key: `points:remove:${row}`,
    forward: { data: { remove: [row] } },
    back: {
      data: {
        set: behind.map((at) => ({ row: at, x: rows.x[at], y: entry(rows.y[at]) })),
        add: { x: [rows.x[last]], y: [entry(rows.y[last])] },
      },
    },
  };
}

/** A list of one number and the number mean the same. @param {number | number[]} y */
const entry = (y) => (Array.isArray(y) && y.length === 1 ? y[0] : y);

/**
 * A number of the plane, rounded in the scale in which the data were measured so that few digits say it.
 * @param {number} value as the network sees it
 * @param {number} span of its axis
 * @param {{mean: number, scale: number}} measured raw = value * scale + mean
 * @returns {{value: number, raw: number}}
 */
export function rounded(value, span, { mean, scale }) {
  const digits = Math.max(0, -Math.floor(Math.log10((span * scale) / FINENESS)));
  const raw = Number((value * scale + mean).toFixed(Math.min(12, digits)));
  return { value: (raw - mean) / scale, raw };
}

/**
 * The row whose point lies nearest, if it is near enough.
 * @param {{x: number, y: number}[]} places in pixels
 * @param {{x: number, y: number}} at
 * @param {number} radius
 */
export function nearest(places, at, radius) {
  let best = null;
  let closest = radius;
  places.forEach(({ x, y }, row) => {
    const distance = Math.hypot(x - at.x, y - at.y);
    if (distance <= closest) [best, closest] = [row, distance];
  });
  return best;
}

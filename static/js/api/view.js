import { numbersOf } from "./decode.js";

/**
 * Decodes a view: all that the page shows after a move, in one answer. The layout is documented in server/steps/views.py:
 * "BPV1", uint32 header length, JSON header, the values of all frames, then those of the map as float32.
 *
 * @typedef {import("./decode.js").FrameHeader} FrameHeader
 * @typedef {import("../state.js").HistoryColumns} HistoryColumns
 * @typedef {{header: FrameHeader, vector: Float64Array | Float32Array}} Frame
 * @typedef {object} DecisionMap the network's answer on a plane of two features, or along one
 * @property {number} x_feature
 * @property {number | null} y_feature null: there is only one
 * @property {number} resolution
 * @property {number[]} x
 * @property {number[]} y empty along the only feature
 * @property {number[][][]} probabilities row by row: of every class, or the number
 * @property {{layer: number, isOpen: boolean[][][]}[]} [open] by layer, from the second hidden one on: where gates let anything through, unit by unit, row by row
 * @property {number[][][] | null} z of the first layer at the corners of the plane: low and high y, low and high x, unit
 *
 * @typedef {object} View
 * @property {number} step the frames' one, from 1
 * @property {any} session whole, or only what a step changes: id, step, furthest_step, version, expires_at
 * @property {Frame[]} frames the batch first, then the samples
 * @property {{from: number, stride: number, metrics: HistoryColumns}} history the learning curve from a step on; of older points those that are 1 more than a multiple of the stride are kept
 * @property {DecisionMap | null} map null: not asked for
 * @property {{until: number | null, steps_per_second: number | null, is_paused: boolean} | null} training that is under way
 */

/** An answer that is no view: of another version of the server, or cut on its way. */
export class BrokenView extends Error {}

/**
 * @param {ArrayBuffer} buffer
 * @returns {View}
 */
export function decodeView(buffer) {
  try {
    return viewOf(buffer);
  } catch (error) {
    throw new BrokenView(`This is no view of a step: ${error instanceof Error ? error.message : error}`);
  }
}

/** @param {ArrayBuffer} buffer @returns {View} */
function viewOf(buffer) {
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
  if (magic !== "BPV1") throw new Error(`it starts with ${JSON.stringify(magic)}.`);
  const length = new DataView(buffer).getUint32(4, true);
  const { dtype, frames, map, norms, gates, ...header } = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const start = 8 + length;
  const ofTheBatch = { norms: norms.map(numbersOf), gates };
  const Vector = dtype === "float32" ? Float32Array : Float64Array;
  return {
    ...header,
    frames: frames.map((/** @type {any} */ { scope, place, program, offset, length, summary }) => ({
      header: { program, place, step: header.step, m: scope.m, dtype, scope, ...numbersOf(summary), ...(scope.kind === "batch" ? ofTheBatch : {}) },
      vector: new Vector(buffer, start + offset * Vector.BYTES_PER_ELEMENT, length),
    })),
    map: map && { ...map, probabilities: nested(buffer, start, map.probabilities), z: map.z && nested(buffer, start, map.z), open: map.open?.map((/** @type {any} */ bits) => ({ layer: bits.layer, isOpen: unpacked(buffer, start, bits) })) },
  };
}

/**
 * An array of three axes that came as bits, the rows of each first axis starting with a byte.
 * @param {ArrayBuffer} buffer @param {number} start @param {{byte_offset: number, shape: [number, number, number]}} bits
 */
function unpacked(buffer, start, { byte_offset, shape: [units, rows, columns] }) {
  const width = Math.ceil(columns / 8);
  const bytes = new Uint8Array(buffer, start + byte_offset, units * rows * width);
  const row = (/** @type {number} */ at) => Array.from({ length: columns }, (_, column) => ((bytes[at * width + (column >> 3)] >> (7 - (column & 7))) & 1) === 1);
  return Array.from({ length: units }, (_, unit) => Array.from({ length: rows }, (_, at) => row(unit * rows + at)));
}

/**
 * An array of three axes as lists.
 * @param {ArrayBuffer} buffer
 * @param {number} start where the values begin
 * @param {{byte_offset: number, shape: [number, number, number], low?: number, high?: number}} array with low and high: in one byte each
 */
function nested(buffer, start, { byte_offset, shape: [rows, columns, cells], low, high }) {
  const count = rows * columns * cells;
  const values = low === undefined || high === undefined
    ? new Float32Array(buffer, start + byte_offset, count)
    : Float32Array.from(new Uint8Array(buffer, start + byte_offset, count), (part) => low + ((high - low) * part) / 255);
  const cell = (/** @type {number} */ at) => Array.from(values.subarray(at * cells, (at + 1) * cells));
  return Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => cell(row * columns + column)));
}

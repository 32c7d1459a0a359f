import assert from "node:assert/strict";
import { test } from "node:test";
import { BrokenView, decodeView } from "../../static/js/api/view.js";

const FRAME = { scope: { kind: "batch", sample: null, m: 2 }, place: null, program: "p", offset: 1, length: 2, summary: { loss: 0.5, accuracy: null, m: 2 } };
const GATES = { step: 3, rows: 9, layers: [{ layer: 1, share_on: [0], is_dead: [true], is_shut: [true] }] };
const NORMS = [{ W: null, a: Infinity, dz: null, dW: null }, { W: 1, a: 2, dz: NaN, dW: 0 }];
const MAP = { x_feature: 0, y_feature: 1, resolution: 2, x: [0, 1], y: [0, 1], probabilities: { byte_offset: 24, shape: [2, 2, 1] }, z: { byte_offset: 40, shape: [2, 2, 2] } };

/** A view of three numbers and twelve of a map. @param {object} [other] what the header has otherwise @param {string} [magic] */
function bytes(other = {}, magic = "BPV1") {
  const header = { step: 3, dtype: "float64", session: { version: 4 }, frames: [FRAME], map: MAP, history: { from: 3, stride: 1, metrics: {} }, gates: GATES, norms: [{ W: null, a: "Infinity", dz: null, dW: null }, { W: 1, a: 2, dz: "NaN", dW: 0 }], training: null, ...other };
  const text = JSON.stringify(header);
  const padded = text + " ".repeat((8 - ((8 + text.length) % 8)) % 8);
  const buffer = new ArrayBuffer(8 + padded.length + 24 + 48);
  new Uint8Array(buffer).set(new TextEncoder().encode(`${magic}....${padded}`));
  new DataView(buffer).setUint32(4, padded.length, true);
  new Float64Array(buffer, 8 + padded.length, 3).set([1.5, 5e-324, -2]);
  new Float32Array(buffer, 8 + padded.length + 24, 12).set([0.1, 0.2, 0.3, 0.4, 1, 2, 3, 4, 5, 6, 7, 8]);
  return buffer;
}

test("a frame of a view is a window on its numbers, with a header as a frame of its own has it", () => {
  const buffer = bytes();
  const { frames: [{ header, vector }], session } = decodeView(buffer);
  assert.deepEqual([...vector], [5e-324, -2]);
  assert.equal(vector.buffer, buffer);
  assert.deepEqual(header, { program: "p", place: null, step: 3, m: 2, dtype: "float64", scope: FRAME.scope, loss: 0.5, accuracy: null, norms: NORMS, gates: GATES });
  assert.deepEqual(session, { version: 4 });
});

test("numbers that JSON cannot hold are numbers again, and a sample has no norms of the batch", () => {
  const scope = { kind: "sample", sample: 1, m: 1 };
  const { frames: [{ header }] } = decodeView(bytes({ frames: [{ ...FRAME, scope, summary: { loss: "NaN", data_loss: "-Infinity" } }] }));
  assert.deepEqual([header.loss, header.data_loss, header.norms, header.gates], [NaN, -Infinity, undefined, undefined]);
});

test("the map is float32 behind them, cell by cell", () => {
  const { map } = decodeView(bytes());
  assert.deepEqual(map?.probabilities, [[[Math.fround(0.1)], [Math.fround(0.2)]], [[Math.fround(0.3)], [Math.fround(0.4)]]]);
  assert.deepEqual(map?.z, [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]);
  assert.equal(decodeView(bytes({ map: null })).map, null);
});

test("what is no view, or is cut, is told as that", () => {
  for (const broken of [bytes({}, "BPF1"), new ArrayBuffer(3), bytes().slice(0, 60), bytes({ frames: [{ ...FRAME, length: 100 }] })])
    assert.throws(() => decodeView(broken), BrokenView);
});

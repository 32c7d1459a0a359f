import assert from "node:assert/strict";
import { test } from "node:test";
import { Geometry } from "../../static/js/draw/geometry.js";
import { packetsOf } from "../../static/js/draw/packets.js";
import { Coming } from "../../static/js/views/network/coming.js";
import { stateAt } from "./steps.js";

/** A step and where it is drawn, and a clock of which every part of the work takes the whole time that it has. */
function scene() {
  const { timeline, samples, batch } = stateAt("xor", "z1");
  const { operations } = /** @type {NonNullable<typeof timeline>} */ (timeline);
  const trace = /** @type {import("../../static/js/trace/program/trace.js").Trace} */ (samples.get(2));
  const geometry = new Geometry(/** @type {NonNullable<typeof batch>} */ (batch).program, 900, 520);
  /** @type {(() => void)[]} */
  const following = [];
  const coming = new Coming(/** @type {any} */ ({ afterNextFrame: (/** @type {() => void} */ work) => following.push(work) }));
  let now = 0;
  performance.now = () => (now += 10);
  return { operations, trace, geometry, coming, following };
}

const seen = (/** @type {import("../../static/js/draw/packets.js").Packet[]} */ packets) => packets.map(({ lane, ...own }) => ({ ...own, from: lane(0), to: lane(1) }));
const isShown = () => true;

test("what moves next is ready some frames later, the same as if it were made at once", () => {
  const { operations, trace, geometry, coming, following } = scene();
  const [next] = operations.filter(({ output }) => output === "z1");
  coming.prepare(next, trace, geometry, isShown, [null]);
  assert.equal(coming.take(next, trace, geometry, [null]), null, "not in the frame that begins");
  let frames = 0;
  for (; following.length > 0; frames++) following.shift()?.();
  assert.ok(frames >= 3, `a unit a frame, not all in ${frames}`);
  assert.deepEqual(seen(/** @type {any} */ (coming.take(next, trace, geometry, [null]))), seen(packetsOf(next, trace, geometry, isShown)));
});

test("what was made ready for something else is not taken, and given up", () => {
  const { operations, trace, geometry, coming, following } = scene();
  const [one, other] = operations.filter(({ output }) => output === "z1" || output === "z2");
  coming.prepare(one, trace, geometry, isShown, [null]);
  coming.prepare(other, trace, geometry, isShown, [null]);
  while (following.length > 0) following.shift()?.();
  assert.equal(coming.take(one, trace, geometry, [null]), null);
  assert.equal(coming.take(other, trace, new Geometry(trace.program, 700, 400), [null]), null, "of another size");
  assert.equal(coming.take(other, trace, geometry, ["hidden"]), null, "of what is kept back since");
  assert.ok(coming.take(other, trace, geometry, [null]));
});

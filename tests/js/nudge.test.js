import assert from "node:assert/strict";
import { test } from "node:test";
import { decimalsApart, placesAround, storyOf } from "../../static/js/trace/nudge.js";

/** @param {Partial<import("../../static/js/trace/nudge.js").Slice>} fields */
const slice = (fields) => /** @type {import("../../static/js/trace/nudge.js").Slice} */ ({ best_h: 1e-5, h: 1e-5, verdict: "agrees", ...fields });

test("a gate that flips comes before every other reason", () => {
  assert.equal(storyOf(slice({ verdict: "skipped", h: 1 })), "kink");
});

test("a difference has the reason that the size of h gives it", () => {
  assert.equal(storyOf(slice({ verdict: "agrees", h: 1 })), "agree");
  assert.equal(storyOf(slice({ verdict: "differs", h: 0.1 })), "bend");
  assert.equal(storyOf(slice({ verdict: "differs", h: 1e-9 })), "rounding");
  assert.equal(storyOf(slice({ verdict: "differs" })), "differ");
});

test("two losses are written so that one sees how they differ", () => {
  assert.equal(decimalsApart(0.5, 0.75), 3);
  assert.equal(decimalsApart(0.93600012, 0.93600034), 9);
  assert.equal(decimalsApart(1, 1), 3);
  assert.equal(decimalsApart(Infinity, 1), 3);
});

test("the picture has room for both sides of the nudge", () => {
  const places = placesAround(0.5, 2);
  assert.ok(places[0] < 0.5 - 2 && /** @type {number} */ (places.at(-1)) > 0.5 + 2);
  assert.equal(places[24], 0.5);
});

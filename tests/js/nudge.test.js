import assert from "node:assert/strict";
import { test } from "node:test";
import { number } from "../../static/js/core/format.js";
import { placesAround, quotientOf, storyOf } from "../../static/js/trace/measure/nudge.js";

/** @param {Partial<import("../../static/js/trace/measure/nudge.js").Slice>} fields */
const slice = (fields) => /** @type {import("../../static/js/trace/measure/nudge.js").Slice} */ ({ best_h: 1e-5, h: 1e-5, verdict: "agrees", ...fields });

test("a gate that flips comes before every other reason", () => {
  assert.equal(storyOf(slice({ verdict: "skipped", h: 1 })), "kink");
});

test("a difference has the reason that the size of h gives it", () => {
  assert.equal(storyOf(slice({ verdict: "agrees", h: 1 })), "agree");
  assert.equal(storyOf(slice({ verdict: "differs", h: 0.1 })), "bend");
  assert.equal(storyOf(slice({ verdict: "differs", h: 1e-9 })), "rounding");
  assert.equal(storyOf(slice({ verdict: "differs" })), "differ");
});

/** What a calculator reads. @param {string} text */
const typed = (text) => Number(text.replace("\u2212", "-").replace("e\u2212", "e-"));

test("the printed quotient gives the printed slope", () => {
  const cases = [[0.936, -0.6457, 6.93e-6], [0.93563, 1.06, 1e-5], [2.5, 3.1e-7, 1e-5], [0.8, 1234.5, 1e-6], [0.5, -0.25, 0.5], [1e-4, 0.0999949, 3e-6], [0.7, 0, 1e-5]];
  for (const [loss, gradient, h] of cases) {
    // What rounding to double leaves of the slope.
    const [below, above] = [-1, 1].map((way) => ({ value: way * h, loss: loss + way * h * gradient }));
    const slope = (above.loss - below.loss) / (2 * h);
    const printed = quotientOf({ above, below, h, slope });
    const quotient = (typed(printed.above) - typed(printed.below)) / typed(printed.width);
    assert.equal(typed(number(quotient)), typed(number(slope)), JSON.stringify(printed));
  }
});

test("a quotient is written with no more digits than it needs", () => {
  const [below, above] = [{ value: 0, loss: 0.5 }, { value: 1, loss: 0.75 }];
  assert.deepEqual(quotientOf({ above, below, h: 0.5, slope: 0.25 }), { above: "0.750", below: "0.500", width: "1" });
  assert.equal(quotientOf({ above: { value: 1, loss: Infinity }, below, h: 0.5, slope: Infinity }).above, "\u221e");
});

test("the picture has room for both sides of the nudge", () => {
  const places = placesAround(0.5, 2);
  assert.ok(places[0] < 0.5 - 2 && /** @type {number} */ (places.at(-1)) > 0.5 + 2);
  assert.equal(places[24], 0.5);
});

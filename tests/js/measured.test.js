import assert from "node:assert/strict";
import { test } from "node:test";
import { useLanguage } from "../../static/js/core/i18n.js";
import { initialState } from "../../static/js/state.js";
import { measuredText } from "../../static/js/trace/program/measured.js";
import { cut, wrapped } from "../../static/js/draw/cut.js";

useLanguage("en", { "card.measured": "{measured}, scaled to {value}" });

/** @param {any} dataset */
const stateOf = (dataset) => ({ ...initialState(), session: /** @type {any} */ ({ dataset }) });

test("an input is said as it was measured, by the name of its column", () => {
  // 1.5 with mean 4 and deviation 2.5 is -1.
  const study = stateOf({ feature_names: ["hours", "x2"], x_mean: [4, 0], x_scale: [2.5, 1] });
  assert.equal(measuredText(study, [-1, 3], 0), "hours = 1.5, scaled to \u22121");
  assert.equal(measuredText(study, [-1, 3], 1), "", "x2 is what the symbol says already");
  assert.equal(measuredText(study, [-1, 3], null), "");

  const plain = stateOf({ feature_names: ["hours", "score"], x_mean: [0, 0], x_scale: [1, 1] });
  assert.equal(measuredText(plain, [1.5, 3], 0), "hours = 1.5");
  assert.equal(measuredText(plain, [1.5, 3], null), "hours = 1.5, score = 3");
});

test("scaling there and back adds no digits", () => {
  const state = stateOf({ feature_names: ["h"], x_mean: [5.843], x_scale: [0.825] });
  assert.match(measuredText(state, [(5.1 - 5.843) / 0.825], 0), /^h = 5\.1, /);
});

/** As if every Latin letter were one px wide, and others two. @param {string} text */
const widthOf = (text) => [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);

test("a column's name loses its unit first, then its end", () => {
  assert.equal(cut("petal width (cm)", 20, widthOf), "petal width (cm)");
  assert.equal(cut("petal width (cm)", 12, widthOf), "petal width");
  assert.equal(cut("petal length (cm)", 8, widthOf), "petal l\u2026");
  assert.equal(cut("petal length (cm)", 2, widthOf), "");
  assert.equal(cut("花瓣长度", 6, widthOf), "花瓣…");
});

test("a name of two words takes two lines before it is cut", () => {
  assert.deepEqual(wrapped("petal width (cm)", 16, widthOf), ["petal width (cm)"]);
  assert.deepEqual(wrapped("petal width (cm)", 11, widthOf), ["petal width"]);
  assert.deepEqual(wrapped("petal width (cm)", 6, widthOf), ["petal", "width"]);
  assert.deepEqual(wrapped("total of all sulfates", 12, widthOf), ["total of all", "sulfates"]);
  assert.deepEqual(wrapped("alcohol", 5, widthOf), ["alco\u2026"]);
});

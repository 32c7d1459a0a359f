import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { t, useLanguage } from "../../static/js/core/i18n.js";
import { onPresenterKey } from "../../static/js/presenting.js";
import { askedOf } from "../../static/js/trace/ask/asked.js";
import { editableOf } from "../../static/js/trace/change/editable.js";
import { explain } from "../../static/js/trace/explain/explain.js";
import { exchangeableLayer } from "../../static/js/trace/change/exchange.js";
import { sentence, told } from "../../static/js/trace/explain/words.js";
import { idle, opened } from "./page.js";
import { stateAt } from "./steps.js";

useLanguage("en", JSON.parse(readFileSync(new URL("../../static/i18n/en.json", import.meta.url), "utf8")));

/** What the card says of a cell. @param {any} state @param {import("../../static/js/state.js").Cell | null} focus */
function said(state, focus) {
  const { subject, areInputsKnown } = /** @type {any} */ (explain({ ...state, focus }, null));
  return { subject, text: sentence(subject, areInputsKnown) };
}

for (const [pressed, asked] of [["z1", "dz1"], ["a1", "da1"], ["mask1", "dz1"], ["x", "dx"], ["b1", "db1"], ["p", "p"]]) {
  test(`a press on ${pressed} asks for ${asked} in the backward pass, and for itself elsewhere`, () => {
    const cell = { tensor: pressed, index: [1] };
    assert.deepEqual(askedOf(stateAt("xor", "dx"), cell), { tensor: asked, index: [1] });
    for (const output of ["x", "mask1", "sample_loss"]) assert.equal(askedOf(stateAt("xor", output), cell), cell);
    assert.equal(askedOf(stateAt("xor", "W1_next"), cell), cell);
  });
}

test("a shut gate says first what came, and times 0", () => {
  const { subject, text } = said(stateAt("xor", "dx"), { tensor: "dz1", index: [1] });
  assert.match(text, /^\+0\.760 arrives, times 0: the gate is shut/);
  assert.equal(exchangeableLayer(subject), 1);
});

test("nothing is said to pass where nothing arrives", () => {
  const state = stateAt("xor", "dx");
  const trace = /** @type {any} */ (state.samples.get(2));
  trace.cells("da1").fill(0);
  trace.cells("dz1").fill(0);
  const texts = [0, 1, 2].map((unit) => said(state, { tensor: "dz1", index: [unit] }).text);
  assert.deepEqual(texts, [t("card.say.dz.nothing"), t("card.say.dz.idle"), t("card.say.dz.nothing")]);
});

test("the first card tells of the gate at which the gradient stops, wherever the step stands", () => {
  for (const output of ["sample_loss", "dz1", "db1"]) {
    const { subject } = said(stateAt("xor", output, { isPreview: true }), null);
    assert.deepEqual([subject.target, subject.place], ["dz1", [1]]);
  }
  assert.equal(said(stateAt("xor", "db1"), null).subject.target, "db1");
});

test("the slope can be chosen at a corner alone", () => {
  const state = stateAt("xor", "dx", { session: /** @type {any} */ ({}) });
  const editable = (/** @type {string} */ tensor) => editableOf({ ...state, focus: { tensor, index: [1] } })?.key;
  assert.deepEqual([editable("mask1"), editable("dz1")], [undefined, undefined]);
  /** @type {any} */ (state.samples.get(2)).cells("z1")[1] = 0;
  assert.deepEqual([editable("mask1"), editable("dz1")], ["corner", "corner"]);
});

test("the loss of the batch is told in the phase on show, as the mean of the samples' losses", () => {
  for (const [output, segment] of [["dW1", "average"], ["W1_next", "update"]]) {
    const { subject, text } = said(stateAt("xor", output, {}, segment), { tensor: "loss", index: [] });
    assert.deepEqual([subject.operation.segment, subject.target, text], [segment, "loss", t("card.say.loss")]);
  }
});

test("in front of a class, Home goes to the step's beginning", async () => {
  const { playground } = await opened();
  await playground.player.seek(2000);
  await onPresenterKey(playground, "Home")?.();
  await idle();
  assert.equal(playground.player.clock.position, 0);
});

test("what becomes of a gradient is not told before it is there, nor of a gate that a scene conceals", () => {
  const focus = { tensor: "da1", index: [1] };
  const toldOf = (/** @type {any} */ fields, output = "da1") => {
    const state = stateAt("xor", output, { focus, ...fields });
    return told(state, /** @type {any} */ (explain(state, null)));
  };
  const shut = toldOf({});
  assert.equal(shut, t("card.say.da.shut_next"));
  assert.notEqual(toldOf({ arrived: 0 }), shut);
  assert.notEqual(toldOf({ lab: { concealed: [{ tensor: "mask1", index: [1] }] } }), shut);
});

test("a slider goes as far while it is dragged as when the drag began", async () => {
  const { playground } = await opened();
  const { editing, store } = playground;
  editing.hold({ min: -3, max: 3 });
  assert.deepEqual([editing.isDragging, store.state.reach], [true, { min: -3, max: 3 }]);
  editing.hold(null);
  assert.deepEqual([editing.isDragging, store.state.reach], [false, null]);
});

test("gradients that are added up are not called a mean", () => {
  const state = stateAt("xor", "dW1", {}, "average");
  const summed = { ...state, session: /** @type {any} */ ({ ...state.session, model: { reduction: "sum" } }) };
  const texts = [state, summed].map((one) => told(one, /** @type {any} */ (explain(one, null))));
  assert.match(texts[0], /takes their mean/);
  assert.match(texts[1], /adds them up/);
});

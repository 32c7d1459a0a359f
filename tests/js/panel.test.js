import assert from "node:assert/strict";
import { test } from "node:test";
import { fateOf } from "../../static/js/trace/measure/gates.js";
import { draftOf, fitting, hasSameRows, patchBetween, recipeOf } from "../../static/js/views/settings/draft.js";
import { KnownCut } from "../../static/js/views/settings/cut.js";
import { after, CHOICES, drafted } from "./choices.js";

test("a unit is shut for the batch or dead where the server says so", () => {
  const layers = [{ layer: 1, share_on: [0.5, 0.5, 0], is_dead: [false, false, true], is_shut: [false, true, true] }];
  const trace = /** @type {any} */ ({ header: { gates: { layers } } });
  assert.deepEqual([0, 1, 2].map((unit) => fateOf(trace, 1, unit)), ["some", "off", "dead"]);
  assert.equal(fateOf(trace, 2, 0), "some");
  assert.equal(fateOf(/** @type {any} */ ({ header: {} }), 1, 0), "some");
});

test("given weights stay while the network keeps its shape", () => {
  const recipe = {
    model: { inputs: 2, hidden: [{ units: 1, activation: "relu" }], output: { units: 2 } },
    parameters: { W1: [[1], [1]], b1: [0], W2: [[1, 1]], b2: [0, 0] },
    optimizer: { learning_rate: 0.5 },
    dataset: { name: "xor" },
  };
  const info = /** @type {any} */ ({ features: 2, classes: 2 });
  const draft = drafted(recipe);
  assert.deepEqual(recipeOf(after(draft, { l2: 0.1 }), info).parameters, recipe.parameters);
  const wider = recipeOf(after(draft, { hidden: [{ units: 2, activation: "relu", numbers: {} }] }), info);
  assert.equal(wider.parameters, undefined);
  assert.deepEqual(wider.initializer, { name: "he" });
});

test("a draft of a recipe gives that recipe back", () => {
  const recipe = {
    model: {
      inputs: 2,
      hidden: [{ units: 3, activation: "elu", alpha: 0.5 }],
      output: { units: 1, activation: "relu", derivative_at_zero: 1 },
      loss: "squared_error", reduction: "sum", l2: 0.1, bias: false, dtype: "float32",
    },
    initializer: { name: "normal", std: 0.2 },
    optimizer: { name: "adam", learning_rate: 0.5, beta1: 0.8 },
    dataset: { name: "two_moons", noise: 0.3 },
    batch_size: 8,
    shuffle: false,
    seed: 4,
  };
  assert.deepEqual(recipeOf(drafted(recipe), { features: 2, classes: 2 }), recipe);
  const { dataset: _, ...rest } = recipe;
  const given = { ...rest, batch: { x: [[0, 1]], y: [1] } };
  assert.deepEqual(recipeOf(drafted(given), { features: 2, classes: 1 }), given);
});

test("rows are shuffled where a recipe says nothing, as in links of before there was a choice", () => {
  const recipe = { model: { inputs: 2, hidden: [], output: { units: 2 } }, dataset: { name: "xor" }, batch_size: 1 };
  assert.equal(recipeOf(drafted(recipe), { features: 2, classes: 2 }).shuffle, true);
  const session = /** @type {any} */ ({ optimizer: { name: "sgd" }, batch_size: 1, shuffle: false, model: { ...recipe.model, l2: 0 } });
  assert.equal(recipeOf(drafted(recipe, session), { features: 2, classes: 2 }).shuffle, false);
});

test("another order of the rows goes on from here, and shows other rows", () => {
  const before = drafted({ model: { inputs: 2, hidden: [], output: { units: 2 } }, dataset: { name: "xor" }, batch_size: 1 });
  const later = after(before, { isShuffled: false });
  assert.deepEqual(patchBetween(before, later), { shuffle: false });
  assert.deepEqual(patchBetween(later, before), { shuffle: true });
  assert.deepEqual(patchBetween(before, { ...later, batchSize: 2 }), { batch_size: 2, shuffle: false });
  assert.equal(hasSameRows(before, later), false);
  assert.equal(hasSameRows(before, after(before, { l2: 0.1 })), true);
});

test("numbers of activations and of the loss go on from here, layer by layer, and another loss does not", () => {
  const model = { inputs: 2, hidden: [{ units: 3, activation: "elu" }, { units: 2, activation: "tanh" }], output: { units: 1, activation: "identity" }, loss: "huber" };
  const recipe = { model, dataset: { name: "xor" } };
  const now = { ...model, hidden: [{ ...model.hidden[0], alpha: 2 }, model.hidden[1]], output: { ...model.output, delta: 0.5 }, l2: 0 };
  const before = drafted(recipe, /** @type {any} */ ({ optimizer: { name: "sgd" }, batch_size: null, shuffle: true, model: now }));
  assert.deepEqual([before.hidden[0].numbers, before.output.numbers], [{ alpha: 2 }, { delta: 0.5 }], "as the session has them now");
  const later = after(before, { output: { ...before.output, numbers: { delta: 3 } } });
  assert.deepEqual(patchBetween(before, later), { activation_numbers: [null, null, { delta: 3 }] });
  assert.deepEqual(patchBetween(later, before), { activation_numbers: [null, null, { delta: 0.5 }] });
  assert.equal(patchBetween(before, { ...later, loss: "squared_error" }), null);
  assert.equal(patchBetween(before, after(before, { hidden: [before.hidden[0]] })), null);
});

test("the loss follows the output, and one output is for two classes", () => {
  const draft = drafted({ model: { inputs: 2, hidden: [], output: { units: 1, activation: "sigmoid" }, loss: "cross_entropy" }, dataset: { name: "xor" } });
  const fit = (/** @type {string} */ activation, /** @type {number} */ classes) =>
    fitting(after(draft, { output: { ...draft.output, activation } }), CHOICES, { classes });
  assert.equal(fit("sigmoid", 2).loss, "binary_cross_entropy");
  assert.equal(fit("sigmoid", 2).output.isSingle, true);
  assert.equal(fit("sigmoid", 3).output.isSingle, false);
  assert.equal(fit("softmax", 2).output.isSingle, false);
});

test("how rows are cut is asked once for each choice, and an answer that comes late is dropped", async () => {
  /** @type {[string, (cut: any) => void][]} */
  const asked = [];
  let news = 0;
  const known = new KnownCut(() => (news += 1), (path) => new Promise((answer) => asked.push([path, answer])));
  const cutOf = (/** @type {any} */ options, held_out = true) => known.of(/** @type {any} */ ({ dataset: "iris", options }), /** @type {any} */ ({ held_out }));
  assert.equal(cutOf({ scaling: "none" }), null);
  assert.equal(cutOf({ scaling: "usual" }), null, "the scale of the columns does not matter");
  assert.equal(cutOf({ held_out_fraction: 0.5 }), null);
  assert.equal(cutOf({ held_out_fraction: NaN }), null, "a number that is being typed");
  assert.equal(cutOf({ held_out_fraction: 0.1 }, false), null, "a set that is never cut");
  assert.deepEqual(asked.map(([path]) => path), ["iris/cut?", "iris/cut?held_out_fraction=0.5"]);
  asked[1][1]({ train: 75, held_out: 75 });
  asked[0][1]({ train: 120, held_out: 30 });
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual([cutOf({ held_out_fraction: 0.5 }), news], [{ train: 75, held_out: 75 }, 1]);
});

test("what a recipe leaves out is as the server says, whatever that is", () => {
  const choices = { ...CHOICES, defaults: { ...CHOICES.defaults, seed: 7, hidden_layer: { activation: "tanh" }, model: { ...CHOICES.defaults.model, loss: "huber", bias: false } } };
  const draft = draftOf({ model: { inputs: 2, hidden: [{ units: 3 }], output: { units: 2 } }, dataset: { name: "xor" } }, null, choices);
  assert.deepEqual([draft.seed, draft.hidden[0].activation, draft.loss, draft.bias], [7, "tanh", "huber", false]);
  const rows = { model: { inputs: 2, hidden: [], output: { units: 2 } }, batch: { x: [[0, 1]], y: [1] } };
  assert.deepEqual(draftOf({ ...rows, dataset: null, initializer: null, parameters: null }, null, choices), draftOf(rows, null, choices));
});

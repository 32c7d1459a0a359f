import assert from "node:assert/strict";
import { test } from "node:test";
import { handPlaces } from "../../static/js/draw/hand-places.js";
import { unitToCompare } from "../../static/js/trace/change/exchange.js";
import { reshaped, withLayerAfter, withoutLayer, withUnits } from "../../static/js/trace/change/reshape.js";
import { edit, opened, shownBias, toTheEnd } from "./page.js";

const TWO = [{ units: 3, activation: "tanh" }, { units: 5, activation: "relu", derivative_at_zero: 1 }];

test("a layer gets other units and keeps all else", () => {
  assert.deepEqual(withUnits(TWO, 2, 6), [TWO[0], { ...TWO[1], units: 6 }]);
});

test("a new layer is like the one before it, and after the input like the first one", () => {
  assert.deepEqual(withLayerAfter(TWO, 1), [TWO[0], TWO[0], TWO[1]]);
  assert.deepEqual(withLayerAfter(TWO, 2), [...TWO, TWO[1]]);
  assert.deepEqual(withLayerAfter(TWO, 0), [TWO[0], ...TWO]);
});

test("the first hidden layer of all has four units and the usual activation", () => {
  assert.deepEqual(withLayerAfter(withoutLayer([TWO[0]], 1), 0), [{ units: 4 }]);
});

test("another shape keeps what is learned from, and how, but not the weights", () => {
  const recipe = { model: { hidden: TWO }, parameters: { W1: [] }, dataset: { name: "xor" }, seed: 7 };
  const session = { model: { inputs: 2, hidden: TWO, l2: 0.1 }, optimizer: { name: "adam" }, batch_size: 2, shuffle: true, step: 5 };
  const row = { row: 1, x: [0, 1] };
  const edits = [{ step: 2, patch: { data: row } }, { step: 3, patch: { l2: 0.1 } }, { step: 9, patch: { data: row } }];
  assert.deepEqual(reshaped(/** @type {any} */ ({ recipe, session, edits }), [TWO[1]]), {
    recipe: { dataset: recipe.dataset, seed: 7, optimizer: session.optimizer, batch_size: 2, shuffle: true, model: { inputs: 2, hidden: [TWO[1]], l2: 0.1 } },
    edits: [{ step: 0, patch: { data: row } }],
  });
});

const kinds = (/** @type {ReturnType<typeof handPlaces>} */ places) => places.map(({ kind, layer }) => `${kind} ${layer}`);

test("each hidden layer has its two controls beside its name, and a layer fits between any two", () => {
  const titles = [{ x: 50, half: 20 }, { x: 250, half: 50 }, { x: 450, half: 50 }];
  const places = handPlaces(titles);
  assert.deepEqual(kinds(places), ["insert 0", "fewer 1", "more 1", "insert 1"]);
  const [first, fewer, more, second] = places.map(({ x }) => x);
  assert.ok(70 + 11 < first && first + 22 < fewer && fewer + 11 < 200 && 300 < more - 11 && more + 22 < second && second + 11 < 400);
});

test("where there is little room the layers between give way, then plus and minus, each of them everywhere", () => {
  const titles = (/** @type {number} */ apart) => [0, 1, 2, 3].map((layer) => ({ x: layer * apart, half: 20 }));
  assert.deepEqual(kinds(handPlaces(titles(40 + 3 * 22 + 4 * 4))), ["insert 0", "fewer 1", "more 1", "insert 1", "fewer 2", "more 2", "insert 2"]);
  assert.deepEqual(kinds(handPlaces(titles(40 + 3 * 22 + 4 * 4 - 1))), ["fewer 1", "more 1", "fewer 2", "more 2"]);
  assert.deepEqual(kinds(handPlaces(titles(40 + 22 + 2 * 4))), ["insert 0", "insert 1", "insert 2"]);
  assert.deepEqual(handPlaces(titles(40 + 22)), []);
});

test("a network without a hidden layer has a place for one", () => {
  assert.deepEqual(handPlaces([{ x: 50, half: 20 }, { x: 250, half: 50 }]), [{ kind: "insert", layer: 0, x: (70 + 200) / 2 }]);
});

test("another network can be taken back: the one before is there as it was, with what could be undone in it", async () => {
  const { server, playground } = await opened();
  await edit(playground, 7);
  server.log.length = 0;
  const { session } = playground.state;
  await playground.beginAgain((state) => reshaped(state, [{ units: 4 }]));
  assert.equal(playground.state.undoable, 2);
  // The fake server has one session only: it is that of before once more.
  await edit(playground, 7);
  playground.editing.done.pop();
  server.log.length = 0;
  await playground.editing.undo();
  assert.deepEqual([server.log, playground.state.session?.id, playground.state.undoable, playground.state.redoable], [["getView"], session?.id, 1, 1]);
  assert.equal(shownBias(playground), 7);
});

test("a network that the server has given up is made again, on the way that led to it", async () => {
  const { server, playground } = await opened();
  await edit(playground, 7);
  await playground.beginAgain((state) => reshaped(state, [{ units: 4 }]));
  server.plan("getView", "forget");
  server.log.length = 0;
  await playground.editing.undo();
  assert.deepEqual([server.log, shownBias(playground), playground.state.problem], [["getView", "createSession"], 7, null]);
});

test("a refused network changes nothing, and what was undoable still is", async () => {
  const { server, playground } = await opened();
  await edit(playground, 7);
  server.plan("createSession", "busy");
  assert.equal(await playground.beginAgain((state) => reshaped(state, [{ units: 4 }])), false);
  assert.deepEqual([shownBias(playground), playground.state.undoable], [7, 1]);
});

test("two presses are one after the other, each on what the one before has made", async () => {
  const { playground } = await opened();
  /** @type {any[]} */
  const seen = [];
  const press = () =>
    playground.beginAgain((state) => {
      seen.push(state.recipe.model?.hidden.length ?? 0);
      return reshaped(state, Array.from({ length: seen.length }, () => ({ units: 4 })));
    });
  await Promise.all([press(), press()]);
  assert.deepEqual(seen, [0, 1]);
});

test("a step that is taken ends what could be taken back", async () => {
  const { playground } = await opened();
  await playground.beginAgain((state) => reshaped(state, [{ units: 4 }]));
  await toTheEnd(playground);
  await playground.changing.settle();
  assert.equal(playground.state.undoable, 0);
});

test("another activation is compared at the unit that was asked about, else at one that is shut", async () => {
  const { playground } = await opened();
  const { state } = playground;
  const mask = (/** @type {number} */ unit) => /** @type {any} */ (state.samples.get(state.sample)).at("mask1", [0, unit]);
  const unit = unitToCompare(state, 1);
  assert.deepEqual([mask(unit), [0, 1, 2].findIndex((one) => mask(one) === 0)], [0, unit]);
  assert.equal(unitToCompare({ ...state, focus: { tensor: "z1", index: [0] } }, 1), 0);
});

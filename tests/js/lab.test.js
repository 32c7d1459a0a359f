import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Geometry } from "../../static/js/draw/geometry.js";
import { packetsOf } from "../../static/js/draw/packets.js";
import { feedback, isRight } from "../../static/js/lab/asking.js";
import { Checkpoint } from "../../static/js/lab/expression.js";
import { factsOf } from "../../static/js/lab/facts.js";
import { differences, isAmong } from "../../static/js/lab/pointer.js";
import { asksToNudge, changed, chipAtFirst, isBeyond, trainedWith } from "../../static/js/lab/setup.js";
import { linked } from "../../static/js/lab/linked.js";
import { targetsOf } from "../../static/js/lab/targets.js";
import { filled } from "../../static/js/lab/words.js";
import { explain } from "../../static/js/trace/explain/explain.js";
import { narration } from "../../static/js/trace/explain/narration.js";
import { isKnown } from "../../static/js/trace/program/reveal.js";
import { stackOf } from "../../static/js/trace/explain/stack.js";
import { stateAt } from "./steps.js";

/** The same that the reader of the tests is held to. @type {{about: string, expression: any[], history: any[], holds: boolean}[]} */
const EXAMPLES = JSON.parse(readFileSync(new URL("../labs/expressions.json", import.meta.url), "utf8"));

/** Facts that stand in a document. @param {any} document @returns {import("../../static/js/lab/expression.js").Facts} */
const factsIn = (document) => (name) => (name.match(/\w+/g) ?? []).reduce((value, part) => value?.[part], document);

test("expressions hold as their examples say", () => {
  assert.ok(EXAMPLES.length > 20);
  for (const { about, expression, history, holds } of EXAMPLES) {
    const checkpoint = new Checkpoint(expression);
    const looked = history.map((facts) => checkpoint.look(factsIn(facts)));
    assert.equal(looked.at(-1), holds, about);
  }
});

const WORDS = { options: {}, switch: {}, variants: {}, lines: {}, after: {}, right: "Right.", wrong: { a: "A is wrong.", b: "B is missing.", any: "Not this." } };

test("an answer is right by its kind", () => {
  assert.ok(isRight({ kind: "choice", right: "2" }, "2") && !isRight({ kind: "choice", right: "2" }, "3"));
  assert.ok(isRight({ kind: "many", right: ["a", "b"] }, ["b", "a"]) && !isRight({ kind: "many", right: ["a", "b"] }, ["a"]));
  assert.ok(isRight({ kind: "number", right: 0.0887 }, 0.08872) && !isRight({ kind: "number", right: 0 }, 0.001));
  assert.ok(isRight({ kind: "numbers", right: [-2, 0.5] }, [-2, 0.5]) && !isRight({ kind: "numbers", right: [-2, 0.5] }, [2, 0.5]));
});

test("every mistake has its own words, and no answer is told what is right", () => {
  const many = { kind: /** @type {const} */ ("many"), options: ["a", "b", "c"], right: ["b", "c"] };
  assert.deepEqual(feedback(many, ["a", "c"], WORDS), ["A is wrong."]);
  assert.deepEqual(feedback(many, ["c"], WORDS), ["B is missing."]);
  assert.deepEqual(feedback(many, ["b", "c"], WORDS), ["Right."]);
  assert.deepEqual(feedback(many, null, WORDS), ["Right."]);
  assert.deepEqual(feedback({ kind: "number", options: [2], right: 1 }, 7, WORDS), ["Not this."]);
});

test("a number that beginners type has its words however it is typed and written", () => {
  const words = { ...WORDS, wrong: { "2.0": "Two.", "0.3333": "A third.", 1e-5: "Little.", any: "Not this." } };
  const told = (/** @type {number} */ given) => feedback({ kind: "number", options: [2, 0.3333, 0.00001], right: 1 }, given, words)[0];
  assert.deepEqual([2, 0.33333, 0.00001, 0.5].map(told), ["Two.", "A third.", "Little.", "Not this."]);
});

test("what was nudged is told without the row, and no activation is chosen before one is", () => {
  const nudged = (/** @type {any} */ fields) => factsOf(stateAt("xor", "z1", { nudged: { sample: 0, slice: {}, ...fields } }));
  assert.deepEqual(nudged({ tensor: "x", index: [0, 1] })("nudge.index"), [1]);
  assert.deepEqual(nudged({ tensor: "W1", index: [0, 1] })("nudge.index"), [0, 1]);
  const exchange = (/** @type {any} */ exchange) => factsOf(stateAt("xor", "z1", { exchange }))("exchange.activation");
  assert.deepEqual([null, { layer: 1, unit: 0 }, { layer: 1, unit: 0, activation: "tanh" }].map(exchange), ["", "", "tanh"]);
});

test("facts are read off what is on show, in its scope", () => {
  const state = stateAt("xor", "z1", { sample: 2, focus: { tensor: "b1", index: [1] } });
  const facts = factsOf(state);
  const trace = /** @type {import("../../static/js/trace/program/trace.js").Trace} */ (state.samples.get(2));
  assert.equal(facts("sample"), 2);
  assert.equal(facts("at.output"), "z1");
  assert.equal(facts("at.scope"), "sample");
  assert.equal(facts("trace.z1[0][1]"), trace.at("z1", [0, 1]));
  assert.equal(facts("batch.z1[2][1]"), trace.at("z1", [0, 1]));
  assert.equal(facts("parameters.W1[1][2]"), trace.at("W1", [1, 2]));
  assert.deepEqual(facts("focus.index"), [1]);
  for (const missing of ["trace.q9[0]", "nudge.slope", "answer.given", "exchange.layer", "dead.1[1]", "nothing"]) assert.equal(facts(missing), undefined, missing);
});

test("an operation in mid-play has not been shown yet", () => {
  const state = stateAt("xor", "z1", { arrived: 1 });
  assert.equal(factsOf(state)("at.output"), "x");
});

test("a text has the numbers of its facts, and shows a name that it cannot fill", () => {
  const facts = (/** @type {string} */ name) => ({ "trace.z1[0][1]": -2, "trace.x[0]": [1, 0.5] })[name];
  assert.equal(filled("z is {trace.z1[0][1]}, x {trace.x[0]}, {nothing}", facts), "z is \u22122, x (1,\u00a00.5), {nothing}");
});

test("what a scene conceals is not known, a cell of it or all", () => {
  const { timeline } = stateAt("xor", "dW1");
  const known = (/** @type {any} */ ...concealed) => isKnown(/** @type {any} */ (timeline), { operation: 20, arrived: 99, lab: { concealed } }, "sample", "da1", [1]);
  assert.ok(known() && known({ tensor: "da1", index: [0] }) && known({ tensor: "dz1", index: null }));
  assert.ok(!known({ tensor: "da1", index: [1] }) && !known({ tensor: "da1", index: null }) && !known({ tensor: "*", index: null }));
});

test("places differ as deep as it can be told", () => {
  assert.deepEqual(differences({ a: [1, 2], b: { c: 1 }, d: 0 }, { a: [1, 3], b: { c: 1 }, e: 0 }), ["/a/1", "/d", "/e"]);
  assert.deepEqual(differences([1], [1, 2]), [""]);
  assert.ok(isAmong("/parameters/b1/1", ["/parameters/b1"]) && isAmong("/parameters", ["/parameters/b1/1"]));
  assert.ok(!isAmong("/parameters/b10", ["/parameters/b1"]));
});

/** @param {object} [session] @param {object} [fields] @returns {any} */
const stateOf = (session = {}, fields = {}) => ({
  recipe: { parameters: { b1: [0, 0] }, dataset: { name: "xor" } },
  session: { id: "s", step: 0, batch_size: null, optimizer: { learning_rate: 0.5 }, model: { hidden: [{ units: 3, activation: "relu", derivative_at_zero: 0 }] }, ...session },
  edits: [],
  ...fields,
});

test("a change is within a scene only where the scene says so", () => {
  const edit = { edits: [{ step: 0, patch: { parameters: { b1: [0, 2] } } }] };
  assert.deepEqual(changed(stateOf(), stateOf({}, edit)), ["/parameters/b1/1"]);
  assert.ok(!isBeyond(stateOf(), stateOf({}, edit), ["/parameters/b1/1"]));
  assert.ok(isBeyond(stateOf(), stateOf({}, edit), ["/parameters/b1/0"]));
  assert.ok(isBeyond(stateOf(), stateOf({ step: 1 }), []) && !isBeyond(stateOf(), stateOf({ step: 1 }), ["/step"]));
  assert.ok(!isBeyond(stateOf(), stateOf(), []));
});

test("another activation with its own numbers is one change", () => {
  const leaky = { hidden: [{ units: 3, activation: "leaky_relu", negative_slope: 0.01 }] };
  assert.deepEqual(changed(stateOf(), stateOf({ id: "t", model: leaky })), ["/model/hidden/0/activation"]);
});

test("the chip of a switch that a scene begins with is the one of its run", () => {
  const scene = /** @type {any} */ ({ recipe: { a: 1 }, switch: [{ id: "two", recipe: { a: 2 } }, { id: "one", recipe: { a: 1 } }] });
  assert.equal(chipAtFirst(scene), "one");
  assert.equal(chipAtFirst({ ...scene, recipe: { a: 3 } }), null);
});

/** @param {any[]} concealed @param {string} output @param {any} [fields] @param {string} [segment] */
const concealing = (concealed, output, fields = {}, segment) => stateAt("xor", output, { lab: { concealed }, ...fields }, segment);
const CELL = { tensor: "dW1", index: [0, 1] };

test("a cell of a matrix conceals itself alone, and with its line what shows the whole line", () => {
  const state = concealing([CELL], "dW1");
  const known = (/** @type {number[]} */ index) => isKnown(/** @type {any} */ (state.timeline), state, "sample", "dW1", index);
  assert.ok(!known([0, 1]) && !known([1]) && known([1, 1]) && known([0]));
  const hidden = { ...state, lab: null, hidden: CELL };
  assert.ok(!isKnown(/** @type {any} */ (state.timeline), hidden, "sample", "dW1", [0, 1]) && isKnown(/** @type {any} */ (state.timeline), hidden, "sample", "dW1", [1, 1]));
});

test("what a scene conceals is not said aloud", () => {
  assert.notEqual(narration(concealing([], "dW1", { focus: CELL })), "");
  assert.equal(narration(concealing([CELL], "dW1", { focus: CELL })), "");
});

test("no sample's gradient tells a concealed mean", () => {
  const open = concealing([], "dW1", { focus: CELL }, "average");
  const kept = concealing([CELL], "dW1", { focus: CELL }, "average");
  const subject = /** @type {any} */ (explain(open, null)).subject;
  assert.ok(explain(open, null)?.average && stackOf(open, subject));
  assert.equal(explain(kept, null)?.average, null);
  assert.equal(explain(kept, null)?.areInputsKnown, false);
  assert.equal(stackOf(kept, subject), null);
});

test("no packet goes to or from what is concealed", () => {
  const state = concealing([], "dz1");
  const trace = /** @type {any} */ (state.samples.get(state.sample));
  const geometry = new Geometry(trace.program, 960, 500);
  const operation = /** @type {any} */ (state.timeline).operations[state.operation];
  const packets = (/** @type {string} */ tensor) => packetsOf(operation, trace, geometry, (name, index) => name !== tensor || index[0] !== 1).map(({ cell }) => cell.index[0]);
  assert.deepEqual(packets(""), [0, 1, 2]);
  assert.deepEqual(packets("da1"), [0, 2]);
  assert.deepEqual(packets("dz1"), [0, 2]);
});

test("of several things to do it is known which are done, and what must not be so is none of them", () => {
  const checkpoint = new Checkpoint(["all", ["seen", "sample", [1, 3]], ["seen", [">", "step", 0]], ["not", ["=", "tab", "table"]]]);
  const parts = (/** @type {any} */ facts) => (checkpoint.look(factsIn(facts)), checkpoint.parts(factsIn(facts)));
  assert.deepEqual(parts({ sample: 0, step: 0, tab: "" }), [false, false, false]);
  assert.deepEqual(parts({ sample: 3, step: 0, tab: "" }), [false, true, false]);
  assert.deepEqual(parts({ sample: 0, step: 2, tab: "" }), [false, true, true]);
  assert.deepEqual(new Checkpoint(["=", "step", 1]).parts(factsIn({ step: 0 })), []);
});

test("words that lead somewhere are told from those around them", () => {
  assert.deepEqual(linked("It can: [see there](small/back)."), [{ text: "It can: ", to: null }, { text: "see there", to: "small/back" }, { text: ".", to: null }]);
  assert.deepEqual(linked("f(x) [0, 1]"), [{ text: "f(x) [0, 1]", to: null }]);
});

test("a scene asks for a nudge where it waits for one", () => {
  const waits = (/** @type {any} */ checkpoint) => asksToNudge(/** @type {any} */ ({ checkpoint }));
  assert.ok(waits(["all", ["seen", "sample", [1]], ["seen", ["=", "nudge.slope", 0]]]) && !waits(["seen", "sample", [1]]));
});

test("what is to be clicked is marked as long as nobody has asked about it", () => {
  const cells = [{ tensor: "dW1", index: [0, 1] }, { tensor: "da1", index: [1] }];
  const lab = (/** @type {any} */ fields) => /** @type {any} */ ({ beat: "do", at: 0, parts: [false, false], lab: { scenes: [{ checkpoint: ["seen", "focus", cells] }] }, ...fields });
  assert.deepEqual(targetsOf(lab({})), cells);
  assert.deepEqual(targetsOf(lab({ parts: [true, false] })), [cells[1]]);
  assert.deepEqual([targetsOf(lab({ beat: "ask" })), targetsOf(null)], [[], []]);
});

test("what is to be nudged is marked, and one of the cells that will do", () => {
  const lab = (/** @type {any} */ checkpoint) => /** @type {any} */ ({ beat: "do", at: 0, parts: [], lab: { scenes: [{ checkpoint }] } });
  const nudged = ["all", ["=", "nudge.tensor", "b1"], ["=", "nudge.index", [2]], [">", "nudge.h", 1]];
  assert.deepEqual(targetsOf(lab(["all", ["seen", ["=", "at.output", "dW1"]], ["seen", nudged], ["seen", nudged]])), [{ tensor: "b1", index: [2] }]);
  const cells = ["b2", "db2"].map((tensor) => ({ tensor, index: [0] }));
  assert.deepEqual(targetsOf(lab(["any", ...cells.map((cell) => ["seen", "focus", [cell]])])), [cells[0]]);
  assert.deepEqual(targetsOf(lab(["any", ["seen", "sample", [1]], ["seen", "sample", [3]]])), []);
});

test("beside a chip stands what training with it has come to", () => {
  const state = (/** @type {number} */ step, /** @type {number} */ shown) => /** @type {any} */ ({ session: { step }, batch: { header: { step: shown, loss: 0.25 } } });
  const lab = (/** @type {any} */ fields, /** @type {any} */ checkpoint = []) => /** @type {any} */ ({ at: 0, lab: { scenes: [{ switch: [], checkpoint }] }, chip: "leaky", trained: {}, ...fields });
  assert.deepEqual(trainedWith(lab({ chip: null }, ["all", [">", "step", 999]]), state(1000, 1001)), { "": { step: 1000, loss: 0.25 } });
  assert.deepEqual(trainedWith(lab({}), state(1000, 1001)), { leaky: { step: 1000, loss: 0.25 } });
  const known = { leaky: { step: 1000, loss: 0.25 } };
  for (const [fields, now] of [[{}, state(0, 1)], [{}, state(1000, 900)], [{ chip: null }, state(1000, 1001)]]) assert.deepEqual(trainedWith(lab({ ...fields, trained: known }), now), known);
});

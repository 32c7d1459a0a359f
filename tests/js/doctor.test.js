import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { useLanguage } from "../../static/js/core/i18n.js";
import { Doctor } from "../../static/js/doctor.js";
import { Problem } from "../../static/js/api/client.js";
import { cellsOf, modelOf, networkOf, openable, sizesOf, withRowsOfTargets } from "../../static/js/trace/doctor/network.js";
import { changedInputs, notebookCell, unusableNames } from "../../static/js/trace/doctor/notebook.js";
import { answeredCase, lacking } from "../../static/js/trace/doctor/paper.js";
import { differences, partingOf } from "../../static/js/trace/doctor/parting.js";
import { emptyRun, USUAL_KINDS, USUAL_NAMES } from "../../static/js/trace/doctor/usual.js";
import { headlineOf } from "../../static/js/trace/doctor/verdict.js";
import { opened } from "./page.js";

useLanguage("en", JSON.parse(readFileSync(new URL("../../static/i18n/en.json", import.meta.url), "utf8")));

/** A tensor as the server reads it. @param {any} value @returns {any} */
const read = (value) => ({ value, shape: shapeOf(value), decimals: Math.max(...cellsOf(value).map((cell) => String(cell).split(".")[1]?.length ?? 0)), line: 1, written: "" });
/** @param {any} value @returns {number[]} */
const shapeOf = (value) => (Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : []);
/** @param {Record<string, any>} values @param {any} [more] @returns {any} */
const reading = (values, more = {}) => ({ tensors: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, read(value)])), questions: [], unknown: [], notes: [], layout: null, ...more });

const GIVEN = { W1: [["1", "2", "3"], ["4", "5", "6"]], b1: ["0", "0", "0"], W2: [["1", "2"], ["3", "4"], ["5", "6"]], b2: ["0", "0"], x: ["1", "-1"], y: "1" };

// --- what was pasted ------------------------------------------------------------------------------------------------

test("one text brings network, samples and results as a case", () => {
  const run = { ...emptyRun(), reading: reading({ ...GIVEN, dW2: [["0.50", "1"]], loss: "0.7" }) };
  const { parameters, batch, results, name, l2 } = answeredCase(run, { ...USUAL_KINDS, l2: 0.1 });
  assert.deepEqual([Object.keys(parameters), name, l2], [["W1", "b1", "W2", "b2"], "own", 0.1]);
  assert.deepEqual(batch, { x: [["1", "-1"]], y: ["1"] });
  assert.deepEqual(results, { dW2: [["0.50", "1"]], loss: "0.7" });
});

test("what answers a case of ours brings its results alone, and a traceback its last line", () => {
  const asked = /** @type {any} */ ({ name: "generic", l2: 0, parameters: { W1: [[1]] }, batch: { x: [[1]], y: [0] } });
  assert.deepEqual(answeredCase({ ...emptyRun(asked), reading: reading({ ...GIVEN, dW1: [["2"]] }) }, USUAL_KINDS), { ...asked, results: { dW1: [["2"]] } });
  const text = "Traceback (most recent call last):\n  File \"a.py\"\nValueError: operands could not be broadcast together";
  assert.deepEqual(answeredCase({ ...emptyRun(asked), text, reading: reading({}) }, USUAL_KINDS), { ...asked, raised: "ValueError: operands could not be broadcast together" });
});

test("what cannot be compared without is named", () => {
  assert.deepEqual(lacking(reading({ W2: [["1"]], x: "1" })), ["W1", "y"]);
  assert.deepEqual(lacking(reading(GIVEN)), []);
});

test("one unit needs no brackets around its numbers, in either layout", () => {
  const one = { W1: "2", b1: "1", W2: "3", b2: "0", x: "0.5", y: "1" };
  assert.deepEqual(networkOf(reading(one).tensors, "rows"), { parameters: { W1: [["2"]], b1: ["1"], W2: [["3"]], b2: ["0"] }, x: [["0.5"]], y: ["1"] });
  // Two inputs into one unit, and one input into two.
  assert.deepEqual(networkOf(reading({ W1: ["2", "3"], x: ["1", "0"], y: "1" }).tensors, "rows").parameters.W1, [["2"], ["3"]]);
  assert.deepEqual(networkOf(reading({ W1: ["2", "3"], W2: [["1"], ["1"]], x: ["1", "0"], y: ["1", "1"] }).tensors, "rows"), { parameters: { W1: [["2", "3"]], W2: [["1"], ["1"]] }, x: [["1"], ["0"]], y: ["1", "1"] });
  assert.deepEqual(networkOf(reading({ W1: ["2", "3"], W2: [["1", "1"]], x: ["1", "0"], y: ["1", "1"] }).tensors, "columns").parameters.W1, [["2"], ["3"]]);
});

test("sizes follow from the shapes, in the other layout where that alone makes a chain", () => {
  const { parameters } = networkOf(reading(GIVEN).tensors, "rows");
  assert.deepEqual(sizesOf(parameters, "rows"), [2, 3, 2]);
  const turned = { W1: [[1, 4], [2, 5], [3, 6]], W2: [[1, 3, 5], [2, 4, 6]] };
  assert.deepEqual(sizesOf({ ...turned, b1: [0, 0, 0], b2: [0, 0] }, "rows"), [2, 3, 2]);
  assert.deepEqual([sizesOf(turned, "rows"), sizesOf(turned, "columns")], [[3, 2, 3], [2, 3, 2]]);
  assert.deepEqual(sizesOf({ W2: [[1, 3, 5]], W1: [[1, 4], [2, 5], [3, 6]] }, "columns"), [2, 3, 1]);
});

test("the playground opens a learner's network upright, whatever its layout", () => {
  const model = { ...modelOf(USUAL_KINDS, [2, 3, 2], true), l2: 0 };
  const rows = openable({ name: "", l2: 0.5, parameters: { W1: [["1", "2", "3"], ["4", "5", "6"]], b1: ["0", "1", "2"], W2: [[1, 2], [3, 4], [5, 6]], b2: [0, 0] }, batch: { x: [["1", "-1"], ["0", "1"], ["2", "3"]], y: [0, 1, 1] } }, model, "rows");
  const columns = openable({ name: "", l2: 0.5, parameters: { W1: [[1, 4], [2, 5], [3, 6]], b1: [[0], [1], [2]], W2: [[1, 3, 5], [2, 4, 6]], b2: [[0], [0]] }, batch: { x: [[1, 0, 2], [-1, 1, 3]], y: [["0", "1", "1"]] } }, model, "columns");
  assert.deepEqual(columns, rows);
  assert.deepEqual([rows.model.l2, rows.parameters.W1, rows.batch], [0.5, [[1, 2, 3], [4, 5, 6]], { x: [[1, -1], [0, 1], [2, 3]], y: [0, 1, 1] }]);
  const square = openable({ name: "", l2: 0, parameters: { W1: [[1, 2], [3, 4]], b1: [0, 0] }, batch: { x: [[1], [10]], y: [[0], [1]] } }, modelOf(USUAL_KINDS, [2, 2], true), "columns");
  assert.deepEqual([square.parameters.W1, square.batch], [[[1, 3], [2, 4]], { x: [[1, 10]], y: [[0, 1]] }]);
});

test("labels become rows of 0 and 1, or one number an output", () => {
  const asked = /** @type {any} */ ({ parameters: {}, batch: { x: [[1], [2]], y: [2, 0] } });
  assert.deepEqual(withRowsOfTargets(asked, 3, "rows").batch.y, [[0, 0, 1], [1, 0, 0]]);
  assert.deepEqual(withRowsOfTargets(asked, 3, "columns").batch.y, [[0, 1], [0, 0], [1, 0]]);
  assert.deepEqual(withRowsOfTargets(asked, 1, "columns").batch.y, [[2, 0]]);
});

// --- the notebook's cell --------------------------------------------------------------------------------------------

const WORDS = { given: "given", yours: "YOURS", found: "found", back: "back", absent: "was not computed" };
const CASE = { name: "generic", l2: 0, parameters: { W1: [[1, 2]], b1: [0.5, 0], W2: [[1], [2]], b2: [0] }, batch: { x: [[1]], y: [0] } };

test("a cell has the case in the learner's names, and prints what they are here", () => {
  const cell = notebookCell(CASE, { x: "X", y: "labels", W: 'params["W1"]', b: 'params["b1"]', dW: "grads['dW1']", db: "gb_1" }, WORDS);
  assert.match(cell, /^labels = _np\.array\(\[0\]\)$/m);
  assert.match(cell, /^X = _np\.array\(\[\[1\]\], dtype=float\)$/m);
  assert.match(cell, /^params = \{\}\ngrads = \{\}$/m);
  assert.match(cell, /^params\["W2"\] = _np\.array\(\[\[1\],\[2\]\], dtype=float\)$/m);
  assert.match(cell, /\("dW2", lambda: grads\['dW2'\]\), \("db2", lambda: gb_2\)/);
  assert.match(cell, /^_names = \["X","labels","params","grads","gb_1","gb_2"\]$/m);
});

test("a cell keeps the very arrays that it gives, and tells which of them the code has changed", () => {
  const cell = notebookCell(CASE, { x: "X", y: "labels", W: 'params["W1"]', b: 'params["b1"]', dW: "dW1", db: "db1" }, WORDS);
  assert.match(cell, /^_given = \{"x": X, "W1": params\["W1"\]/m);
  const asked = /** @type {any} */ ({ name: "generic", l2: 0, parameters: { W1: [[1]] }, batch: { x: [[1]], y: [0] } });
  const text = 'dW1 = [[2]]\n# after: {"W1": [[NaN]], "x": [[-Infinity]]}\n';
  const changed = { parameters: { W1: [["NaN"]] }, x: [["-Infinity"]] };
  assert.deepEqual(changedInputs(text), changed);
  assert.deepEqual(answeredCase({ ...emptyRun(asked), text, reading: reading({ dW1: [["2"]] }) }, USUAL_KINDS).inputs_after, changed);
  assert.deepEqual([changedInputs("dW1 = [[2]]"), changedInputs("# after: what?")], [null, null]);
  assert.ok(!("inputs_after" in answeredCase({ ...emptyRun(asked), text: "dW1 = 2", reading: reading({ dW1: "2" }) }, USUAL_KINDS)));
});

test("what roundings of the steps before explain is no difference where there is a clear one", () => {
  const own = read(["-0.0066", "0.0033", "0.1678"]);
  assert.deepEqual(differences(own, [-0.0065, 0, 0]).map(({ at }) => at), [2, 1]);
  assert.deepEqual(differences(own, [-0.0065, 0.0033, 0.1678]).map(({ at }) => at), [0]);
});

test("names that cannot be written are refused: no name, code, twice the same, without a layer", () => {
  assert.deepEqual(unusableNames(USUAL_NAMES), []);
  assert.deepEqual(unusableNames({ ...USUAL_NAMES, x: "", y: "y; import os", W: "W", b: "dW1" }), ["x", "y", "W", "b", "dW"]);
});

// --- where numbers part ---------------------------------------------------------------------------------------------

test("cells differ beyond the digits that they were written with, the farthest first", () => {
  assert.deepEqual(differences(read([["0.33", "1.00"], ["2.00", "NaN"]]), [[1 / 3, 1.004], [2.5, 1]]).map(({ index }) => index), [[1, 1], [1, 0]]);
  assert.deepEqual(differences(read(["1", "2"]), [1, 2, 3]), []);
});

test("the first tensor that is wrong by itself parts, in the layout of the drawing", () => {
  const judged = /** @type {any} */ ({ dW2: { status: "right", right: [[1]] }, dW1: { status: "wrong", right: [[0, 0], [0, 0]] }, db1: { status: "wrong", right: [[0], [0]] } });
  const own = reading({ dW1: [["0", "3"], ["0", "0"]], db1: [["0"], ["7"]] }).tensors;
  const how = /** @type {const} */ ({ m: 2, reduction: "mean", layout: "columns" });
  assert.deepEqual(partingOf(judged, own, how), { tensor: "dW1", index: [1, 0], sample: 0, own: 3, right: 0 });
  assert.deepEqual(partingOf(judged, own, { ...how, layout: "rows" })?.index, [0, 1]);
  assert.deepEqual(partingOf({ db1: judged.db1 }, own, how)?.index, [1]);
});

test("a gradient of single samples is not shown beside one that carries no 1/m", () => {
  const judged = /** @type {any} */ ({ dz2: { status: "wrong", right: [[1, 1], [1, 1]] }, db2: { status: "wrong", right: [1, 1] } });
  const own = reading({ dz2: [["1", "1"], ["1", "5"]], db2: ["1", "9"] }).tensors;
  assert.equal(partingOf(judged, own, { m: 2, reduction: "mean", layout: "rows" })?.tensor, "db2");
  assert.deepEqual(partingOf(judged, own, { m: 2, reduction: "sum", layout: "rows" }), { tensor: "dz2", index: [1], sample: 1, own: 5, right: 1 });
});

test("each verdict speaks of its tensors", () => {
  const base = /** @type {any} */ ({ mistakes: [], candidates: [], false_alarms: [], pattern: null, cases: [{ name: "own", unread: [], tensors: { dW1: { status: "wrong" }, db1: { status: "follows" }, dW2: { status: "missing" } } }] });
  assert.deepEqual(headlineOf({ ...base, verdict: "unknown" }).params, { count: 1, names: "dW1" });
  assert.deepEqual(headlineOf({ ...base, verdict: "incomplete" }).params, { count: 1, names: "dW2" });
  assert.equal(headlineOf({ ...base, verdict: "unknown", pattern: { code: "raised", params: {}, explanation: "" } }).key, "doctor.verdict.failed");
  const [a, b] = [{ id: "a", where: ["dW1", "db1"] }, { id: "b", where: ["db1"] }];
  assert.deepEqual(headlineOf({ ...base, verdict: "mistakes", mistakes: [a, b] }), { key: "doctor.verdict.mistakes", params: { count: 2, names: "dW1, db1" }, mistakes: [[a, b]] });
  assert.deepEqual(headlineOf({ ...base, verdict: "undecided", candidates: [a, b], alternatives: [["a"], ["b"]] }).params, { count: 2 });
});

test("what explains the numbers only together stands together among what may have been", () => {
  const [a, b, c] = [{ id: "a", where: ["dW1"] }, { id: "b", where: ["dW1"] }, { id: "c", where: ["db1"] }];
  const found = /** @type {any} */ ({ verdict: "undecided", mistakes: [], candidates: [a, b, c], alternatives: [["a"], ["b", "c"]], pattern: null, cases: [] });
  assert.deepEqual(headlineOf(found), { key: "doctor.verdict.undecided", params: { count: 2 }, mistakes: [[a], [b, c]] });
});

// --- from paste to verdict ------------------------------------------------------------------------------------------

/** A page whose server reads every text in the same way and says the same of all numbers. @param {any} [answers] */
async function consulting({ read: found = reading(GIVEN), diagnosis = {} } = {}) {
  const { server, playground } = await opened();
  const requests = /** @type {any[]} */ ([]);
  const told = /** @type {any} */ ({ verdict: "unknown", mistakes: [], candidates: [], alternatives: [], ask_next: null, false_alarms: [], pattern: null, conventions: { layout: "rows", reduction: "mean" }, model: modelOf(USUAL_KINDS, [2, 3, 2], true), cases: [{ name: "own", unread: [], tensors: { dW2: { status: "wrong", right: [[0, 0], [0, 0], [0, 0]] } } }], ...diagnosis });
  playground.api = {
    ...server.api,
    getChoices: async () => ({ outputs: [{ name: "softmax", least_units: 2 }] }),
    getCases: async (/** @type {any} */ request) => (requests.push(["cases", request]), { cases: [{ ...CASE, name: "generic" }, { ...CASE, name: "zeros" }] }),
    readNotation: (/** @type {any} */ request) => server.ask("read", () => (requests.push(["read", request]), typeof found === "function" ? found(request) : found)),
    diagnose: (/** @type {any} */ request) => server.ask("diagnose", () => (requests.push(["diagnose", request]), told)),
  };
  const doctor = new Doctor(playground);
  return { server, playground, doctor, requests };
}

const ANSWERED = reading({ ...GIVEN, dW2: [["1", "0"], ["0", "0"], ["0", "0"]] });

test("a text is read, diagnosed and drawn, and the cell where it parts is marked", async () => {
  const { doctor, playground, requests } = await consulting({ read: ANSWERED });
  await doctor.enter("hand");
  doctor.type(0, "W1 = ...");
  await doctor.check();
  assert.deepEqual(requests.map(([name]) => name), ["read", "diagnose"]);
  const { model, conventions, cases } = requests[1][1];
  assert.deepEqual([model.inputs, model.hidden[0].units, model.output.units, conventions, cases.length], [2, 3, 2, { layout: "rows", reduction: "mean" }, 1]);
  assert.equal(doctor.paper.diagnosis?.verdict, "unknown");
  assert.deepEqual(playground.state.recipe.batch, { x: [[1, -1]], y: [1] });
  assert.deepEqual(playground.state.parting, { tensor: "dW2", index: [0, 0], sample: 0, own: 1, right: 0, session: "s" });
});

test("a question stops the way to the verdict until it is answered", async () => {
  const question = { id: "layout", code: "layout", params: {}, text: "?", line: 1, choices: [] };
  const { doctor, requests } = await consulting({ read: (/** @type {any} */ { answers }) => ("layout" in answers ? ANSWERED : { ...ANSWERED, questions: [question] }) });
  await doctor.enter("hand");
  doctor.type(0, "text");
  await doctor.check();
  assert.deepEqual(requests.map(([name]) => name), ["read"]);
  await doctor.answer(0, "layout", "rows");
  assert.deepEqual(requests.map(([name]) => name), ["read", "read", "diagnose"]);
  assert.deepEqual(requests[1][1], { text: "text", answers: { layout: "rows" } });
});

test("what is lacking is said, and a network without results is drawn and asked for them", async () => {
  const bare = await consulting({ read: reading({ W1: [["1"]], dW1: [["1"]] }) });
  await bare.doctor.enter("hand");
  bare.doctor.type(0, "W1 = 1");
  await bare.doctor.check();
  assert.deepEqual(bare.doctor.paper.lacks, ["x", "y"]);
  const whole = await consulting();
  await whole.doctor.enter("hand");
  whole.doctor.type(0, "W1 = 1");
  await whole.doctor.check();
  assert.match(String(whole.doctor.paper.problem?.text), /at least one gradient/);
  assert.deepEqual(whole.playground.state.recipe.parameters.W1, [[1, 2, 3], [4, 5, 6]]);
});

test("a server that is away, or refuses, loses nothing that was typed, and the same press works later", async () => {
  const { server, doctor } = await consulting({ read: ANSWERED });
  await doctor.enter("hand");
  doctor.type(0, "W1 = 1");
  for (const step of ["read", "diagnose"]) {
    server.plan(step, "refuse");
    await doctor.check();
    assert.match(String(doctor.paper.problem?.text), /server/);
    assert.deepEqual([doctor.paper.runs[0].text, doctor.state.isBusy, doctor.paper.diagnosis], ["W1 = 1", false, null]);
  }
  await doctor.check();
  assert.deepEqual([doctor.paper.problem, doctor.paper.diagnosis?.verdict], [null, "unknown"]);
  doctor.api.readNotation = async () => { throw new Problem(422, { code: "text_too_large", detail: "The text is too large." }); };
  doctor.type(0, "W1 = 2");
  await doctor.check();
  assert.equal(doctor.paper.problem?.text, "The text is too large.");
});

test("an answer to a text that has changed since is not heard", async () => {
  const { server, doctor } = await consulting({ read: ANSWERED });
  await doctor.enter("hand");
  doctor.type(0, "first");
  server.plan("diagnose", "hold");
  const checking = doctor.check();
  await new Promise((done) => setTimeout(done, 5));
  doctor.type(0, "second");
  server.release();
  await checking;
  assert.deepEqual([doctor.paper.diagnosis, doctor.paper.runs[0].text], [null, "second"]);
  await doctor.check();
  assert.equal(doctor.paper.diagnosis?.verdict, "unknown");
});

test("two that cannot be told apart bring the case that does, ready to be answered, and both are sent together", async () => {
  const candidates = [{ id: "factor_two", where: ["dW1"] }, { id: "mean_missing", where: ["dW1"] }];
  const { doctor, requests } = await consulting({ read: ANSWERED, diagnosis: { verdict: "undecided", candidates, ask_next: { ...CASE, name: "second" } } });
  await doctor.enter("hand");
  doctor.type(0, "W1 = 1");
  await doctor.check();
  await doctor.check();
  assert.deepEqual(doctor.paper.runs.map(({ asked }) => asked?.name), [undefined, "second"]);
  doctor.type(1, "dW2 = 1");
  await doctor.check();
  assert.deepEqual(requests.at(-1)[1].cases.map((/** @type {any} */ { name }) => name), ["own", "second"]);
});

test("a notebook gets the first case for its conventions, and one case more when it asks", async () => {
  const { doctor, requests } = await consulting({ read: reading({ dW1: [["1", "0"]] }) });
  await doctor.enter("notebook");
  assert.deepEqual(requests[0][1].conventions, { layout: "rows", reduction: "mean" });
  assert.equal(doctor.paper.runs[0].asked?.name, "generic");
  assert.equal(doctor.nextCase?.name, "zeros");
  doctor.type(0, "dW1 = 1");
  await doctor.choose({ layout: "columns", depth: 2 });
  const { model, conventions } = requests[1][1];
  assert.deepEqual([model.hidden.map((/** @type {any} */ layer) => layer.units), conventions.layout, doctor.paper.runs[0].text], [[5, 6], "columns", "dW1 = 1"]);
  doctor.ask(/** @type {any} */ (doctor.nextCase));
  assert.deepEqual(doctor.paper.runs.map(({ asked }) => asked?.name), ["generic", "zeros"]);
  assert.equal(doctor.nextCase, null);
});

test("each door keeps what was brought to it", async () => {
  const { doctor } = await consulting({ read: ANSWERED });
  await doctor.enter("hand");
  doctor.type(0, "by hand");
  await doctor.enter("notebook");
  doctor.type(0, "printed");
  await doctor.enter(null);
  await doctor.enter("hand");
  assert.deepEqual([doctor.state.papers.hand.runs[0].text, doctor.state.papers.notebook.runs[0].text], ["by hand", "printed"]);
});

test("what was on show before comes back as it was", async () => {
  const { doctor, playground } = await consulting({ read: ANSWERED });
  playground.store.set({ recipe: { before: true }, sample: 1 });
  await doctor.enter("hand");
  doctor.type(0, "W1 = 1");
  await doctor.check();
  assert.notDeepEqual(playground.state.recipe, { before: true });
  await doctor.putBack();
  assert.deepEqual([playground.state.recipe, playground.state.sample, playground.state.parting, playground.state.setAside], [{ before: true }, 1, null, null]);
});

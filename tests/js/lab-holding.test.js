import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Lab } from "../../static/js/lab/lab.js";
import { keepProgress, progress, sceneToGoOnWith } from "../../static/js/lab/progress.js";
import { END, Labs } from "../../static/js/labs.js";
import { Playground } from "../../static/js/playground.js";
import { Sharing } from "../../static/js/sharing.js";
import { FakeServer } from "./fake-server.js";
import { idle } from "./page.js";

/** What the browser remembers. @type {Map<string, string>} */
const memory = new Map();
const localStorage = { getItem: (/** @type {string} */ name) => memory.get(name) ?? null, setItem: (/** @type {string} */ name, /** @type {string} */ value) => memory.set(name, value) };
globalThis.window = /** @type {any} */ ({ localStorage });
beforeEach(() => memory.clear());

const scene = (/** @type {string} */ id) => ({
  id, recipe: { seed: 1 }, hide: [], run: null, traces: {}, grids: [], another: null, may: [],
  show: { sample: 0, at: null, focus: null, tab: "", view: null, stage: null, with: {} },
  ask: { kind: "choice", options: ["a", "b"], right: "a" },
  switch: [{ id: "other", recipe: { seed: 2 } }],
  checkpoint: ["=", "answer.is_right", true],
});
const WORDS = { options: {}, switch: {}, variants: {}, lines: {}, wrong: { b: "No a." }, ask: "Which?", do: "Press.", right: "Yes." };

/** A page without a step, and its labs, of two scenes each. */
function withLabs() {
  const server = new FakeServer();
  const api = {
    ...server.api,
    getLab: (/** @type {string} */ id) => server.ask("getLab", () => ({ id, next: null, listings: {}, programs: {}, scenes: [scene("one"), scene("two")], words: { title: id, question: "", say: [], limit: null, scenes: { one: WORDS, two: WORDS } } })),
    getLabs: () => server.ask("getLabs", () => ({ labs: [], refused: [] })),
  };
  const playground = new Playground(/** @type {any} */ (api));
  return { server, playground, labs: new Labs(playground, new Sharing(playground, { recipe: {}, sample: 0 }), async () => ({ Lab })) };
}

/** A page in the first scene of a lab of two. */
async function inTheLab() {
  const { server, playground, labs } = withLabs();
  assert.ok(await playground.open({}, 2));
  assert.equal(await labs.enter("lab"), true);
  await idle();
  const lab = /** @type {Lab} */ (labs.lab);
  return { server, playground, labs, lab };
}

const place = (/** @type {Playground} */ { state: { lab } }) => lab && [lab.lab.id, lab.at];

test("the end of a lab that is opened by its address has a step on show", async () => {
  const { playground, labs } = withLabs();
  assert.equal(await labs.enter("lab", END), true);
  await idle();
  assert.deepEqual(place(playground), ["lab", 2]);
  assert.ok(playground.state.batch);
});

test("a lab appears when all its parts have arrived; if one cannot be fetched, the page says so", async () => {
  const { server, playground, labs } = withLabs();
  assert.ok(await playground.open({}, 2));
  const end = { resolve: (/** @type {{Lab: typeof Lab}} */ _lab) => {}, reject: (/** @type {Error} */ _why) => {} };
  labs.fetchLab = () => new Promise((resolve, reject) => Object.assign(end, { resolve, reject }));
  server.log.length = 0;
  const failing = labs.enter("lab");
  end.reject(new TypeError("Failed to fetch"));
  assert.equal(await failing, false);
  assert.deepEqual([playground.state.lab, server.log], [null, []]);
  assert.equal(playground.state.problem, "problem.unreachable");
  const left = labs.enter("lab");
  labs.leave();
  end.resolve({ Lab });
  assert.equal(await left, false);
  const entered = labs.enter("lab");
  end.resolve({ Lab });
  assert.equal(await entered, true);
  assert.deepEqual([place(playground), playground.state.problem], [["lab", 0], null]);
});

test("who leaves a lab while its next scene is on its way has left it", async () => {
  const { server, playground, labs, lab } = await inTheLab();
  const { batch } = playground.state;
  server.plan("createSession", "hold");
  const going = lab.goTo(1);
  await idle();
  labs.leave();
  server.release();
  assert.equal(await going, false);
  await idle();
  assert.equal(playground.state.lab, null);
  assert.equal(playground.state.batch, batch, "the run of the scene came all the same");
});

test("each scene begins with the nudge and a phone's sheet shut, and opens the nudge where it is to be used", async () => {
  const { playground, lab } = await inTheLab();
  playground.inspector.showNudge(true);
  playground.showSheet(true);
  lab.now.lab.scenes[1].checkpoint = ["seen", ["=", "nudge.slope", 0]];
  await lab.goTo(1);
  assert.deepEqual([playground.state.isNudging, playground.state.isSheetOpen], [false, false]);
  lab.answer("b");
  assert.equal(playground.state.isNudging, true);
  await lab.goTo(0);
  lab.answer("b");
  assert.equal(playground.state.isNudging, false);
});

test("who leaves while the lab itself is on its way has left it", async () => {
  const { server, playground, labs } = await inTheLab();
  labs.leave();
  server.plan("getLab", "hold");
  const entering = labs.enter("other");
  await idle();
  labs.leave();
  server.release();
  assert.equal(await entering, false);
  assert.equal(playground.state.lab, null);
});

test("a comparison with nudges that comes after the lab was left is told to nobody", async () => {
  const { playground, labs, lab } = await inTheLab();
  /** @type {(answer: any) => void} */
  let answer = () => {};
  playground.api.checkGradient = () => new Promise((done) => (answer = done));
  lab.now.lab.scenes[0].traces.mine = { model: {} };
  lab.set({ stage: { name: "check", trace: "mine" }, traces: { mine: /** @type {any} */ ({}) } });
  const checking = lab.instruments.code.check();
  await idle();
  labs.leave();
  answer({ cells: [] });
  await checking;
  assert.equal(playground.state.lab, null);
});

test("of two labs that are entered one after the other the last one is there", async () => {
  const { server, playground, labs } = await inTheLab();
  server.plan("getLab", "hold");
  const first = labs.enter("first");
  await idle();
  const last = labs.enter("last");
  await idle();
  server.release();
  assert.deepEqual(await Promise.all([first, last]), [false, true]);
  assert.deepEqual(place(playground), ["last", 0]);
});

test("what is answered while a chip begins the run again stays answered", async () => {
  const { server, playground, lab } = await inTheLab();
  server.plan("createSession", "hold");
  const pressing = lab.press("other");
  await idle();
  lab.answer("b");
  server.release();
  await pressing;
  assert.deepEqual([playground.state.lab?.answer, playground.state.lab?.beat, playground.state.lab?.chip], [{ given: "b", is_right: false }, "do", "other"]);
});

test("what is answered on the way back to a scene stays answered", async () => {
  const { server, playground, lab } = await inTheLab();
  server.plan("createSession", "hold");
  const coming = lab.comeBack();
  await idle();
  lab.answer("a");
  server.release();
  await coming;
  await idle();
  assert.deepEqual([playground.state.lab?.answer.given, playground.state.lab?.isDone], ["a", true]);
});

test("a scene is watched again after the next one could not be had, also when it was asked for twice", async () => {
  const { server, playground, lab } = await inTheLab();
  server.plan("createSession", "busy", "busy");
  assert.deepEqual(await Promise.all([lab.goTo(1), lab.goTo(1)]), [false, false]);
  lab.answer("a");
  await idle();
  assert.deepEqual([place(playground), playground.state.lab?.isDone], [["lab", 0], true]);
});

test("a lab whose scene is refused is not entered, and one is asked before operations as before", async () => {
  const { server, playground, labs } = await inTheLab();
  labs.leave();
  playground.inspector.predicting.turn(true);
  server.plan("createSession", "busy");
  assert.equal(await labs.enter("lab"), false);
  assert.deepEqual([playground.state.lab, playground.state.isPredicting], [null, true]);
  assert.notEqual(playground.state.problem, null);
  assert.equal(await labs.enter("lab"), true);
  assert.equal(playground.state.isPredicting, false);
  labs.leave();
  assert.equal(playground.state.isPredicting, true);
  playground.inspector.predicting.turn(false);
  labs.leave();
  assert.equal(playground.state.isPredicting, false, "to leave no lab changes nothing");
});

test("the same run in another session is no other thing on show", async () => {
  const { playground, lab } = await inTheLab();
  const { session } = playground.state;
  const edits = [{ step: 0, patch: { parameters: { b1: [1, 0, 0] } } }];
  playground.store.set({ session: /** @type {any} */ ({ ...session, id: "after a reload" }), edits });
  await idle();
  assert.deepEqual([lab.now.isWandering, lab.now.isFolded], [true, false]);
  playground.store.set({ recipe: { seed: 5 } });
  await idle();
  assert.deepEqual([lab.now.isWandering, lab.now.isFolded], [true, true]);
});

test("a lab is done when all of its scenes are, and stays so", async () => {
  const { playground, lab } = await inTheLab();
  await lab.goTo(2);
  assert.deepEqual(progress().lab, { scene: END, done: [], isDone: false }, "every scene was skipped");
  for (const at of [0, 1]) {
    await lab.goTo(at);
    lab.answer("a");
    await idle();
  }
  assert.deepEqual(progress().lab, { scene: "two", done: ["one", "two"], isDone: true });
  await lab.goTo(0);
  assert.deepEqual(progress().lab, { scene: "one", done: ["one", "two"], isDone: true });
  assert.deepEqual(playground.state.lab?.done, ["one", "two"]);
});

test("somebody goes on where they were, and after the end at what is not done", () => {
  const both = /** @type {any} */ ({ id: "lab", scenes: [{ id: "one" }, { id: "two" }] });
  assert.equal(sceneToGoOnWith(both, END), null);
  keepProgress(both, { scene: "two", done: [] });
  assert.equal(sceneToGoOnWith(both, END), "two");
  keepProgress(both, { scene: END, done: ["one"] });
  assert.equal(sceneToGoOnWith(both, END), "two");
  keepProgress(both, { scene: END, done: ["two"] });
  assert.deepEqual([sceneToGoOnWith(both, END), progress().lab.done], [null, ["one", "two"]]);
});

test("names that could not be had in a new language are asked for again", async () => {
  const { server, labs } = await inTheLab();
  await idle();
  labs.language = "other";
  server.plan("getLabs", "busy");
  await assert.rejects(labs.load());
  server.log.length = 0;
  await labs.load();
  assert.deepEqual(server.log, ["getLabs"]);
});

/** A lab whose scenes are of every kind that has an instrument. */
async function withInstruments() {
  const { server, playground, labs, lab } = await inTheLab();
  const grid = { f: "relu", slope: 0, x: Array.from({ length: 257 }, (_, at) => at / 64 - 2), a: Array(257).fill(0), mask: Array(257).fill(0) };
  const kinds = {
    line: { stage: "line", with: { x0: 1, dx: -0.5, f: "relu", slope: 0 } },
    code: { stage: "code", with: { listing: "own", switches: {}, trace: "mine", line: "first" } },
    check: { stage: "check", with: { trace: "mine" } },
    factors: { stage: "factors", with: { gradient: "W1", twin: "sigmoid" } },
    bars: { stage: "bars", with: {} },
    depth: { stage: "depth", with: {} },
  };
  const scenes = Object.entries(kinds).map(([id, show]) => ({ ...scene(id), grids: [grid], traces: { mine: { model: {} } }, show: { ...scene(id).show, ...show } }));
  const words = { ...lab.now.lab.words, scenes: Object.fromEntries(Object.keys(kinds).map((id) => [id, WORDS])) };
  lab.set({ lab: /** @type {any} */ ({ ...lab.now.lab, scenes, words }) });
  return { server, playground, labs, lab };
}

test("another scene is one request, whatever instrument it opens", async () => {
  const { server, lab } = await withInstruments();
  for (const [at, { id }] of lab.now.lab.scenes.entries()) {
    server.log.length = 0;
    assert.equal(await lab.goTo(at), true);
    await idle();
    assert.deepEqual([id, server.log], [id, ["createSession"]]);
  }
});

test("the arrays of a line are asked for when they may be looked at, and once", async () => {
  const { server, playground, lab } = await withInstruments();
  const step = /** @type {any} */ ({});
  playground.model.frame = async () => step;
  playground.api.traceFrame = /** @type {any} */ (() => server.ask("traceFrame", () => ({})));
  await lab.goTo(1);
  lab.instruments.code.pick("first");
  await idle();
  server.log.length = 0;
  lab.answer("b");
  await idle();
  lab.instruments.code.pick("first");
  lab.tell();
  await idle();
  assert.deepEqual([server.log, lab.now.traces.mine], [["traceFrame"], step]);
});

test("another mistake is hunted when all rounds are named: asked as a round, told when it is named, and none twice before all were there", async () => {
  const { playground, lab } = await inTheLab();
  const cases = ["one", "two", "three"].map((id) => ({ id, tensors: id === "three" ? ["dW2"] : ["dW1"], options: ["one", "two", "three"] }));
  const [first] = lab.now.lab.scenes;
  Object.assign(first, { ask: { kind: "choice", options: ["a", "b"], right: "a", rounds: [{ trace: "mine", right: "a" }] }, checkpoint: ["=", "answer.named", 1], another: { body: { model: {} }, cases }, show: { ...first.show, stage: "check", with: {} } });
  await lab.goTo(0);
  lab.answer("a");
  await idle();
  assert.deepEqual([lab.now.beat, lab.now.isDone], ["told", true]);
  const hunted = [];
  for (let times = 0; times < 6; times++) {
    lab.hunt();
    const { another, beat, stage, answer } = lab.now;
    assert.deepEqual([beat, stage.trace, stage.checked, answer.named], ["ask", another?.id, undefined, 1]);
    const wrong = /** @type {string} */ (another?.options.find((id) => id !== another.id));
    lab.answer(wrong);
    assert.deepEqual([lab.now.beat, lab.now.told], ["ask", wrong]);
    const isAlike = cases.find(({ id }) => id === wrong)?.tensors.join() === another?.tensors.join();
    assert.deepEqual(lab.feedback(), [isAlike ? "lab.another.alike" : "lab.another.unlike"]);
    lab.answer(/** @type {string} */ (another?.id));
    assert.deepEqual([lab.now.beat, lab.now.answer.is_right, lab.feedback()], ["told", true, ["lab.another.right"]]);
    hunted.push(another?.id);
  }
  assert.deepEqual([new Set(hunted.slice(0, 3)).size, new Set(hunted.slice(3)).size], [3, 3]);
  assert.notEqual(hunted[2], hunted[3]);
  assert.equal(playground.state.lab?.isDone, true);
});

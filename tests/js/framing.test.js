import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Framing } from "../../static/js/framing.js";
import { namedOrigins, Parent } from "../../static/js/framing/parent.js";
import { frameLine } from "../../static/js/views/share/frame.js";
import { idle, opened } from "./page.js";

const OWN = "http://127.0.0.1:8000";
const COURSE = "https://course.example";
const QUIZ = "https://quiz.example:8443";

test("an origin is named where nothing of it is left open", () => {
  assert.deepEqual(namedOrigins("'self'", OWN), [OWN]);
  assert.deepEqual(namedOrigins(`'SELF'  ${COURSE} ${QUIZ}`, OWN), [OWN, COURSE, QUIZ]);
  assert.deepEqual(namedOrigins("https://Course.Example:443/week/3", OWN), [COURSE]);
  for (const open of ["'none'", "*", "https:", "http://*", "https://*.example", "https://course.example:*", "course.example", "blob:", "https://", "https://a:b", ""]) {
    assert.deepEqual(namedOrigins(open, OWN), [], open);
  }
});

/** A window in a frame: what is posted, to whom. @param {string[] | undefined} ancestorOrigins */
function framed(ancestorOrigins) {
  /** @type {[any, string][]} */
  const posted = [];
  const listeners = /** @type {Set<(event: any) => void>} */ (new Set());
  const parent = { postMessage: (/** @type {any} */ message, /** @type {string} */ origin) => posted.push([message, origin]) };
  Object.assign(globalThis, {
    window: { parent }, location: { ancestorOrigins },
    addEventListener: (/** @type {string} */ _, /** @type {any} */ hear) => listeners.add(hear),
    removeEventListener: (/** @type {string} */ _, /** @type {any} */ hear) => listeners.delete(hear),
  });
  const hear = (/** @type {any} */ event) => listeners.forEach((each) => each(event));
  return { parent, posted, hear, listeners };
}

afterEach(() => {
  for (const name of ["window", "location", "addEventListener", "removeEventListener"]) delete (/** @type {any} */ (globalThis)[name]);
});

test("a message is addressed to the parent's origin if it is named, and to no other", () => {
  for (const [ancestors, addressees] of /** @type {const} */ ([[[QUIZ, OWN], [QUIZ]], [["https://foreign.example", QUIZ], []], [undefined, [COURSE, QUIZ]], [["null"], [COURSE, QUIZ]]])) {
    const { posted } = framed(ancestors && [...ancestors]);
    new Parent([COURSE, QUIZ]).post("lti.frameResize", { height: 360 });
    assert.deepEqual(posted.map(([, origin]) => origin), addressees);
    assert.ok(posted.every(([{ subject, height, message_id }]) => subject === "lti.frameResize" && height === 360 && typeof message_id === "string"));
  }
});

test("only the parent's own answer to a question is heard", async () => {
  const { parent, posted, hear, listeners } = framed([COURSE]);
  /** @type {any[]} */
  const answers = [];
  void new Parent([COURSE]).ask("SPLICE.getState").then((answer) => answers.push(answer.state));
  const { message_id } = posted[0][0];
  const right = { source: parent, origin: COURSE, data: { subject: "SPLICE.getState.response", message_id, state: "right" } };
  for (const other of [{ source: {} }, { origin: QUIZ }, { data: null }, { data: "text" }, { data: { ...right.data, message_id: "another" } }, { data: { ...right.data, subject: "SPLICE.getState" } }]) {
    hear({ ...right, ...other });
  }
  await idle();
  assert.deepEqual(answers, []);
  hear(right);
  await idle();
  assert.deepEqual(answers, ["right"]);
  assert.equal(listeners.size, 0);
});

/** A page with a task, and what it tells. @param {string} goal */
async function withGoal(goal) {
  const { playground } = await opened();
  playground.store.set({ goal });
  /** @type {any[]} */
  const told = [];
  /** @type {(answer: any) => void} */
  let answer = () => {};
  const parent = { post: (/** @type {string} */ subject, fields = {}) => String(told.push({ subject, ...fields })), ask: () => new Promise((done) => (answer = done)) };
  const framing = new Framing(playground, parent);
  void framing.begin();
  const see = async (/** @type {number[]} */ ...loss) => {
    playground.store.set({ history: { step: loss.map((_, at) => at + 1), loss, accuracy: loss.map(() => null), held_out_loss: loss.map(() => null) } });
    await idle();
  };
  return { framing, told, see, answer: async (/** @type {any} */ state) => (answer({ state }), idle()) };
}

test("a goal is told once, also when its run begins again", async () => {
  const { told, see } = await withGoal("loss:0.4 Learn XOR");
  await see(0.8, 0.5);
  assert.deepEqual(told, []);
  await see(0.8, 0.5, 0.4, 0.3);
  await see(0.8);
  await see(0.8, 0.1);
  assert.deepEqual(told, [
    { subject: "SPLICE.sendEvent", name: "goal_reached", data: { goal: "loss:0.4 Learn XOR", updates: 2 } },
    { subject: "SPLICE.reportScoreAndState", score: 1, state: { reached: ["loss:0.4 Learn XOR"] } },
  ]);
});

test("a goal in words alone is no task of which a program could tell", async () => {
  const { framing, told, see, answer } = await withGoal("Find the shut gate");
  await see(0.8, 0);
  await answer({ reached: ["Find the shut gate"] });
  assert.deepEqual([framing.tasks, told], [[], []]);
});

test("what the parent remembers is no event, and does not count where it is no task of this frame", async () => {
  for (const state of [null, undefined, "text", { reached: "loss:0.4" }, { reached: ["loss:0.5", 3] }, { reached: ["loss:0.4"] }]) {
    const { told, see, answer } = await withGoal("loss:0.4");
    await answer(state);
    assert.deepEqual(told, []);
    await see(0.3);
    assert.deepEqual(told.map(({ subject, score }) => [subject, score]), [["SPLICE.sendEvent", undefined], ["SPLICE.reportScoreAndState", 1]]);
    assert.deepEqual(told[1].state, { reached: ["loss:0.4"] });
  }
});

test("the line of a frame keeps the task and what is left out, and nothing else of the address", () => {
  const line = frameLine(`${OWN}/#v1.abc`, "?present=1&goal=loss:0.4 two \"units\" %26 no more&hide=card,panel", "Backprop");
  assert.equal(
    line,
    `<iframe src="${OWN}/?embed=1&amp;goal=loss:0.4+two+%22units%22+%26+no+more&amp;hide=card,panel#v1.abc" title="Backprop" width="100%" height="500"></iframe>`,
  );
});

/** A lab under way in a page, and what it tells. @param {string | null} asked by the address */
async function withLab(asked) {
  const { playground } = await opened();
  /** @type {any[]} */
  const told = [];
  /** @type {(answer: any) => void} */
  let answer = () => {};
  const parent = { post: (/** @type {string} */ subject, fields = {}) => String(told.push({ subject, ...fields })), ask: () => new Promise((done) => (answer = done)) };
  void new Framing(playground, parent, asked).begin();
  /** @param {string} id @param {number} at @param {string} beat @param {boolean} [isDone] */
  const show = async (id, at, beat, isDone = false) => {
    const scenes = ["whose", "hand", "stop", "zeros"].map((scene) => ({ id: scene }));
    playground.store.set({ lab: /** @type {any} */ ({ lab: { id, scenes }, at, beat, isDone }) });
    await idle();
  };
  const scores = () => told.filter(({ subject }) => subject === "SPLICE.reportScoreAndState").map(({ score, state }) => [score, state.reached]);
  const events = () => told.filter(({ subject }) => subject === "SPLICE.sendEvent").map(({ name, data }) => [name, data.lab, data.scene]);
  return { told, show, scores, events, answer: async (/** @type {any} */ state) => (answer({ state }), idle()) };
}

test("a scene counts when its checkpoint has held and it has been told, and once", async () => {
  const { show, scores, events } = await withLab("gate");
  await show("gate", 0, "ask");
  await show("gate", 0, "do", true);
  await show("gate", 0, "told");
  assert.deepEqual(scores(), []);
  await show("gate", 0, "told", true);
  await show("gate", 1, "ask");
  await show("gate", 1, "told");
  await show("gate", 0, "told", true);
  await show("gate", 4, "told", true);
  assert.deepEqual(scores(), [[0.25, ["gate/whose"]]]);
  assert.deepEqual(events(), [["scene_begun", "gate", "whose"], ["scene_done", "gate", "whose"], ["scene_begun", "gate", "hand"], ["scene_begun", "gate", "whose"]]);
});

test("scenes of an earlier visit count too, whether the parent answers before something is reached or after", async () => {
  for (const isLate of [false, true]) {
    const { show, scores, answer } = await withLab("gate");
    const remembered = { reached: ["gate/stop", "corner/road", "loss:0.4"] };
    if (!isLate) await answer(remembered);
    await show("gate", 0, "told", true);
    if (isLate) await answer(remembered);
    assert.deepEqual(scores().at(-1), [0.5, ["gate/whose", "gate/stop"]]);
    assert.equal(scores().length, isLate ? 2 : 1);
  }
});

test("scenes of a lab that the address did not ask for are events, and no tasks", async () => {
  for (const asked of ["corner", null]) {
    const { show, scores, events } = await withLab(asked);
    await show("gate", 0, "told", true);
    assert.deepEqual(events(), [["scene_begun", "gate", "whose"], ["scene_done", "gate", "whose"]]);
    assert.deepEqual(scores(), []);
  }
});

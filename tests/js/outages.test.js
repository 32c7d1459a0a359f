import assert from "node:assert/strict";
import { test } from "node:test";
import { editableOf } from "../../static/js/trace/change/editable.js";
import { idle, opened, shownBias, shownStep, toTheEnd } from "./page.js";

/** @typedef {import("../../static/js/playground.js").Playground} Playground */
/** @typedef {(playground: Playground) => unknown} Press */

// The pause between two changes of a drag is not what is looked at.
globalThis.setTimeout = /** @type {any} */ ((/** @type {() => void} */ work) => setImmediate(work));

/** Set the first bias, as the card does with what it shows. @param {number} value @param {boolean} [isContinuing] @returns {Press} */
const edit = (value, isContinuing = false) => (playground) => {
  const editable = editableOf({ ...playground.state, focus: { tensor: "b1", index: [0] } });
  return playground.editing.make(/** @type {any} */ (editable).change(value), isContinuing);
};
/** @type {Press} */
const next = (playground) => playground.player.later();
/** @type {Press} */
const undo = (playground) => playground.editing.undo();
/** @type {Press} */
const redo = (playground) => playground.editing.redo();
/** @param {number} step @returns {Press} */
const rewind = (step) => (playground) => playground.training.rewindTo(step);
/** @param {number} row @returns {Press} */
const sample = (row) => (playground) => playground.inspector.showSample(row);
/** @param {boolean} isOn @returns {Press} */
const longWay = (isOn) => (playground) => playground.inspector.goTheLongWay(isOn);

/** A session of thirty moves that change it, or ask for more of it. */
const SESSION = [
  toTheEnd, next, edit(7), edit(8), undo, redo, toTheEnd, next, sample(1), longWay(true),
  edit(1), edit(2, true), edit(3, true), toTheEnd, sample(3), next, rewind(1), edit(5), undo, rewind(3),
  longWay(false), toTheEnd, sample(0), rewind(0), rewind(2), edit(4), toTheEnd, next, toTheEnd, next,
];

/** Walk through the session; a press that failed is pressed again. @param {Map<number, string>} troubles */
async function walked(troubles) {
  const { server, playground } = await opened();
  server.room = 3;
  server.asked = 0;
  server.troubles = troubles;
  for (const [at, press] of SESSION.entries()) {
    for (let times = 0; times < 4; times++) {
      let isDone = false;
      void Promise.resolve(press(playground)).then(() => playground.changing.last).then(() => (isDone = true));
      while (!isDone) {
        await idle();
        server.release();
      }
      if (playground.state.problem === null) break;
      assert.ok(times < 3, `move ${at} goes on failing: ${playground.state.problem}`);
    }
  }
  return { server, playground };
}

/** What the page shows of the session, and what the server has. @param {Awaited<ReturnType<typeof walked>>} walk */
const outcome = ({ server, playground }) => ({
  page: [playground.model.session.step, shownStep(playground), shownBias(playground), playground.state.history.step, playground.state.sample],
  server: [server.step, server.step + 1, server.parameters.b1[0], Array.from({ length: server.furthest + 1 }, (_, at) => at + 1), 0],
  version: [playground.model.session.version, server.version],
});

const clean = await walked(new Map());
const REQUESTS = clean.server.asked;

test("thirty moves end where the server is", () => {
  const { page, server, version } = outcome(clean);
  assert.deepEqual(page, server);
  assert.equal(version[0], version[1]);
  assert.ok(REQUESTS >= SESSION.length - 8);
});

for (const trouble of ["refuse", "lose", "time out", "busy", "hold", "forget", "damage"]) {
  test(`thirty moves end the same where any one request meets "${trouble}"`, async () => {
    for (let at = 0; at < REQUESTS; at++) {
      const { page, server, version } = outcome(await walked(new Map([[at, trouble]])));
      assert.deepEqual(page, outcome(clean).page, `request ${at}`);
      assert.deepEqual(page, server, `request ${at}`);
      assert.equal(version[0], version[1], `request ${at}`);
    }
  });
}

test("thirty moves end the same where an answer gets lost and the next requests do not arrive", async () => {
  for (let at = 0; at < REQUESTS; at++) {
    const { page, server } = outcome(await walked(new Map([[at, "lose"], [at + 1, "refuse"], [at + 2, "refuse"]])));
    assert.deepEqual(page, outcome(clean).page, `request ${at}`);
    assert.deepEqual(page, server, `request ${at}`);
  }
});

test("thirty moves end the same where the session is gone and the server has no room for another one at first", async () => {
  for (let at = 0; at < REQUESTS; at++) {
    const { page, server } = outcome(await walked(new Map([[at, "forget"], [at + 1, "busy"], [at + 2, "busy"]])));
    assert.deepEqual(page, outcome(clean).page, `request ${at}`);
    assert.deepEqual(page, server, `request ${at}`);
  }
});

test("a failure said in the words of the one before outlives the success of what was begun between them", async () => {
  const { playground } = await opened();
  const fail = () => playground.attempt(() => Promise.reject(new TypeError("Failed to fetch")));
  await fail();
  let succeed = () => {};
  const slow = playground.attempt(() => new Promise((done) => (succeed = () => done(null))));
  await fail();
  succeed();
  assert.ok(await slow);
  assert.notEqual(playground.state.problem, null);
  assert.ok(await playground.attempt(() => null));
  assert.equal(playground.state.problem, null);
});

test("what mends nothing ends no message", async () => {
  const { playground } = await opened();
  await playground.attempt(() => Promise.reject(new Error("lost")));
  const { problem } = playground.state;
  assert.ok(problem);
  await playground.attempt(() => {}, false);
  assert.equal(playground.state.problem, problem);
  await playground.attempt(() => {});
  assert.equal(playground.state.problem, null);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { watch } from "../../static/js/core/watch.js";
import { edit, idle, opened, shownBias, shownStep, toTheEnd } from "./page.js";

/** @typedef {import("../../static/js/playground.js").Playground} Playground */

/** @param {import("./fake-server.js").FakeServer} server @param {string} name */
const count = (server, name) => server.log.filter((one) => one === name).length;

/** Every press that waits for a step, and what it leaves when the step is taken. @type {Record<string, (playground: Playground) => unknown>} */
const PRESSES = {
  Next: (playground) => playground.player.later(),
  Play: (playground) => playground.player.toggle(),
  Back: (playground) => playground.player.earlier(),
  rewind: (playground) => playground.training.rewindTo(0),
  edit: (playground) => edit(playground, 7),
  "another sample": (playground) => playground.inspector.showSample(1),
  undo: (playground) => playground.editing.undo(),
  "the long way": (playground) => playground.inspector.goTheLongWay(true),
};

for (const [name, press] of Object.entries(PRESSES)) {
  test(`${name} sends nothing before the step is answered`, async () => {
    const { server, playground } = await opened();
    server.plan("takeStep", "hold");
    await toTheEnd(playground);
    void press(playground);
    await idle();
    assert.deepEqual(server.log, []);
    assert.equal(playground.model.isTaken, false);
    server.release();
    await playground.changing.settle();
    assert.deepEqual([server.log[0], count(server, "takeStep")], ["takeStep", 1]);
    assert.equal(playground.state.problem, null);
  });
}

test("Train waits for the step", async () => {
  const { server, playground } = await opened();
  server.plan("takeStep", "hold");
  await toTheEnd(playground);
  void playground.training.start(10);
  await idle();
  assert.equal(playground.state.isTraining, false);
});

test("slow answers and hasty presses show step 1, 2 and 3 in order", async () => {
  const { server, playground } = await opened();
  /** @type {number[]} */
  const seen = [];
  watch(() => seen.push(shownStep(playground)));
  for (let step = 1; step <= 3; step++) {
    server.plan("takeStep", "hold");
    await toTheEnd(playground);
    void playground.player.later();
    void playground.player.later();
    await idle();
    assert.equal(shownStep(playground), step);
    server.release();
    await playground.changing.settle();
  }
  assert.deepEqual([...new Set(seen)], [1, 2, 3, 4]);
  assert.deepEqual([server.step, count(server, "takeStep")], [3, 3]);
});

test("two presses at the end take one step", async () => {
  const { server, playground } = await opened();
  await toTheEnd(playground);
  await Promise.all([playground.player.later(), playground.player.toggle()]);
  assert.deepEqual([server.step, shownStep(playground), playground.model.session.step], [1, 2, 1]);
});

test("a step that did not reach the server is not taken, and the same press takes it", async () => {
  const { server, playground } = await opened();
  server.isReachable = false;
  await toTheEnd(playground);
  await playground.changing.last;
  assert.deepEqual([playground.state.problem, playground.model.isTaken, playground.model.session.step], ["problem.unreachable", false, 0]);
  await playground.player.later();
  assert.equal(shownStep(playground), 1);
  server.isReachable = true;
  await playground.player.later();
  assert.deepEqual([server.step, playground.model.session.step, shownStep(playground)], [1, 1, 2]);
  assert.deepEqual([playground.state.problem, shownBias(playground), playground.state.history.step.length], [null, 1, 2]);
});

test("after a failure Back and Next to the end take the step", async () => {
  const { server, playground } = await opened();
  server.plan("takeStep", "refuse");
  await toTheEnd(playground);
  await playground.changing.last;
  await playground.player.earlier();
  await playground.player.later();
  await playground.player.later();
  await playground.changing.last;
  assert.deepEqual([server.step, playground.model.isTaken, playground.state.problem], [1, true, null]);
});

test("Back works while the server is away, and leaves its message", async () => {
  const { server, playground } = await opened();
  server.isReachable = false;
  await toTheEnd(playground);
  await playground.player.earlier();
  assert.ok(playground.player.clock.position < playground.player.timeline.duration);
  await playground.player.later();
  assert.ok(playground.player.clock.isRunning);
  assert.equal(playground.state.problem, "problem.unreachable");
});

test("a step whose answer got lost counts, without a word", async () => {
  const { server, playground } = await opened();
  server.plan("takeStep", "lose");
  await toTheEnd(playground);
  await playground.player.later();
  assert.deepEqual([server.step, shownStep(playground), playground.model.session.step, playground.state.problem], [1, 2, 1, null]);
});

/** Changes whose answer gets lost while the server cannot be asked either. @type {Record<string, {name: string, act: (playground: Playground) => unknown, bias: number}>} */
const LOST = {
  "a step": { name: "takeStep", act: (playground) => toTheEnd(playground), bias: 1 },
  "an edit": { name: "patchSession", act: (playground) => edit(playground, 7), bias: 8 },
  "a rewind": { name: "rewind", act: (playground) => playground.training.rewindTo(0), bias: 0 },
};

for (const [what, { name, act, bias }] of Object.entries(LOST)) {
  test(`${what} whose answer got lost offline is found out by the next press`, async () => {
    const { server, playground } = await opened();
    if (name === "rewind") {
      await toTheEnd(playground);
      await playground.player.later();
    }
    server.plan(name, "lose");
    server.plan("getView", "refuse");
    await act(playground);
    await playground.changing.last;
    assert.equal(playground.state.problem, "problem.unreachable");
    await toTheEnd(playground);
    await playground.player.later();
    assert.deepEqual([playground.state.problem, shownBias(playground), count(server, name), playground.model.etag], [null, bias, 1, server.etag]);
  });
}

test("an edit whose answer got lost can be undone", async () => {
  const { server, playground } = await opened();
  server.plan("patchSession", "lose");
  await edit(playground, 7);
  assert.deepEqual([shownBias(playground), playground.state.undoable, playground.state.problem], [7, 1, null]);
  await playground.editing.undo();
  assert.deepEqual([server.parameters.b1[0], shownBias(playground)], [0, 0]);
});

test("an edit that failed changes nothing, and neither its undo nor its redo is lost", async () => {
  const { server, playground } = await opened();
  await edit(playground, 7);
  await edit(playground, 8);
  await playground.editing.undo();
  server.plan("patchSession", "refuse", "refuse");
  await edit(playground, 9);
  await playground.editing.undo();
  assert.deepEqual([shownBias(playground), playground.state.undoable, playground.state.redoable], [7, 1, 1]);
  await edit(playground, 9);
  assert.deepEqual([shownBias(playground), playground.state.undoable, playground.state.redoable, playground.state.problem], [9, 2, 0, null]);
});

test("a rewind that failed keeps the step, the curve and what can be undone", async () => {
  const { server, playground } = await opened();
  await toTheEnd(playground);
  await playground.player.later();
  await edit(playground, 7);
  const { history } = playground.state;
  server.isReachable = false;
  await playground.training.rewindTo(0);
  assert.deepEqual([shownStep(playground), playground.state.undoable, playground.state.history], [2, 1, history]);
  server.isReachable = true;
  await playground.training.rewindTo(0);
  assert.deepEqual([shownStep(playground), playground.state.undoable, playground.state.problem], [1, 0, null]);
});

test("an edit while a step is on its way changes one number of what comes out of the step", async () => {
  const { server, playground } = await opened();
  server.plan("takeStep", "hold");
  await toTheEnd(playground);
  const edited = edit(playground, 7);
  await idle();
  server.release();
  await edited;
  assert.deepEqual(server.parameters.b1, [7, 1, 1]);
  assert.equal(shownStep(playground), 2);
});

test("two hasty edits of one tensor are both kept", async () => {
  const { server, playground } = await opened();
  server.plan("patchSession", "hold");
  const first = edit(playground, 5, { unit: 0 });
  await idle();
  const second = edit(playground, 6, { unit: 1 });
  await idle();
  server.release();
  await Promise.all([first, second]);
  assert.deepEqual([server.parameters.b1, playground.state.undoable], [[5, 6, 0], 2]);
});

for (const steps of [1, 2]) {
  test(`${steps} steps of another tab are told of, and shown`, async () => {
    const { server, playground } = await opened();
    server.meddle(steps);
    await toTheEnd(playground);
    await playground.changing.last;
    assert.deepEqual([playground.state.problem, shownStep(playground), playground.model.session.step], ["problem.stale", steps + 1, steps]);
    assert.equal(count(server, "takeStep"), 1);
  });
}

test("what another tab did while an answer was lost is told of", async () => {
  const { server, playground } = await opened();
  server.plan("takeStep", "lose");
  server.plan("getView", "refuse");
  await toTheEnd(playground);
  await playground.changing.last;
  server.meddle();
  await playground.player.later();
  assert.deepEqual([playground.state.problem, shownStep(playground)], ["problem.stale", 3]);
});

test("a step that is taken, though the program that it leads to cannot be fetched, is not taken again", async () => {
  const { server, playground } = await opened();
  server.program = "sha256:other";
  server.plan("getProgram", "refuse", "refuse");
  await toTheEnd(playground);
  await playground.changing.last;
  assert.equal(playground.state.problem, "problem.unreachable");
  await playground.player.later();
  assert.equal(playground.state.problem, "problem.unreachable");
  await playground.player.later();
  assert.deepEqual([server.step, shownStep(playground), playground.state.history.step.length, playground.state.problem], [1, 2, 2, null]);
});

test("a new beginning that fails leaves what is on show", async () => {
  const { server, playground } = await opened();
  const { state } = playground;
  server.plan("createSession", "refuse");
  assert.equal(await playground.open({ other: true }, 0), false);
  assert.deepEqual([playground.state.recipe, playground.state.session, playground.state.batch, playground.state.sample], [state.recipe, state.session, state.batch, 2]);
  assert.ok(await playground.open({ other: true }, 0));
});

test("an expired session that cannot be computed again now can be so later", async () => {
  const { server, playground } = await opened();
  const { Problem } = await import("../../static/js/api/client.js");
  const { api } = playground;
  let isGone = true;
  playground.api = { ...api, takeStep: async (...args) => (isGone ? Promise.reject(new Problem(404, { code: "unknown_session" })) : api.takeStep(...args)) };
  server.plan("createSession", "refuse");
  await toTheEnd(playground);
  await playground.changing.last;
  assert.equal(playground.state.problem, "problem.unreachable");
  await playground.player.later();
  assert.equal(playground.state.problem, "problem.expired");
  isGone = false;
  await toTheEnd(playground);
  await playground.player.later();
  assert.deepEqual([server.step, playground.state.problem], [1, null]);
});

test("an undo whose answer got lost offline takes back one change when it is pressed again", async () => {
  const { server, playground } = await opened();
  await edit(playground, 7);
  await edit(playground, 8);
  server.plan("patchSession", "lose");
  server.plan("getView", "refuse");
  await playground.editing.undo();
  await playground.editing.undo();
  assert.deepEqual([server.parameters.b1[0], shownBias(playground), playground.state.undoable, playground.state.redoable], [7, 7, 1, 1]);
  await playground.editing.redo();
  assert.equal(server.parameters.b1[0], 8);
});

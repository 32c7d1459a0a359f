import assert from "node:assert/strict";
import { test } from "node:test";
import { reshaped } from "../../static/js/trace/change/reshape.js";
import { edit, opened, shownStep, toTheEnd } from "./page.js";

/** @typedef {import("../../static/js/playground.js").Playground} Playground */

/** What is asked from the server by every move, on a page that shows step 2 of a session that was edited. @type {Record<string, {press: (playground: Playground) => unknown, asks: string[]}>} */
const MOVES = {
  opening: { press: (playground) => playground.open({ other: true }, 1), asks: ["createSession"] },
  "playing a step to its end": { press: toTheEnd, asks: ["takeStep"] },
  "typing a weight": { press: (playground) => edit(playground, 9), asks: ["patchSession"] },
  "one drag event": { press: (playground) => edit(playground, 8, { isContinuing: true }), asks: ["patchSession"] },
  "one unit more": { press: (playground) => playground.beginAgain((state) => reshaped(state, [{ units: 4 }])), asks: ["createSession"] },
  undo: { press: (playground) => playground.editing.undo(), asks: ["patchSession"] },
  rewind: { press: (playground) => playground.training.rewindTo(0), asks: ["rewind"] },
  "another sample": { press: (playground) => playground.inspector.showSample(0), asks: [] },
  "the long way": { press: (playground) => playground.inspector.goTheLongWay(true), asks: ["getView"] },
  "the map": { press: (playground) => playground.inspector.loadMap(), asks: ["getView"] },
  Back: { press: (playground) => playground.player.earlier(), asks: [] },
};

for (const [name, { press, asks }] of Object.entries(MOVES)) {
  test(`${name} is ${asks.length} requests`, async () => {
    const { server, playground } = await opened();
    await toTheEnd(playground);
    await playground.player.later();
    await edit(playground, 7);
    server.log.length = 0;
    await press(playground);
    await playground.changing.settle();
    assert.deepEqual([server.log, playground.state.problem], [asks, null]);
  });
}

test("the step after one that was taken is on show without a request", async () => {
  const { server, playground } = await opened();
  await toTheEnd(playground);
  await playground.changing.settle();
  server.log.length = 0;
  await playground.player.later();
  assert.deepEqual([server.log, shownStep(playground)], [[], 2]);
});

test("a sample that did not fit into the view is one request, and in the next step it is there", async () => {
  const { server, playground } = await opened();
  server.room = 0;
  await edit(playground, 7);
  assert.deepEqual([...playground.state.samples.keys()], [2]);
  server.log.length = 0;
  await playground.inspector.showSample(3);
  assert.deepEqual([server.log, [...playground.state.samples.keys()]], [["getView"], [2, 3]]);
  await toTheEnd(playground);
  await playground.player.later();
  assert.deepEqual([server.log, shownStep(playground), playground.state.samples.get(3)?.header.step], [["getView", "takeStep"], 2, 2]);
});

test("a sample that was chosen after the step was taken is asked for with the next one", async () => {
  const { server, playground } = await opened();
  server.room = 3;
  await toTheEnd(playground);
  await playground.inspector.showSample(3);
  await playground.player.later();
  assert.deepEqual([server.log, shownStep(playground), playground.state.samples.has(3)], [["takeStep", "getView"], 2, true]);
});

test("a program is fetched once", async () => {
  const { server, playground } = await opened();
  server.program = "sha256:other";
  for (let step = 1; step <= 3; step++) {
    await toTheEnd(playground);
    await playground.player.later();
  }
  assert.deepEqual(server.log, ["takeStep", "getProgram", "takeStep", "takeStep"]);
});

test("an answer that is no view says so, changes nothing, and the same press works again", async () => {
  const { server, playground } = await opened();
  const { api } = playground;
  playground.api = { ...api, patchSession: async () => new TextEncoder().encode("<html>").buffer };
  await edit(playground, 7);
  assert.deepEqual([playground.state.problem, playground.state.undoable], ["problem.broken_view", 0]);
  playground.api = api;
  await edit(playground, 7);
  assert.deepEqual([server.parameters.b1[0], playground.state.problem, playground.state.undoable], [7, null, 1]);
});

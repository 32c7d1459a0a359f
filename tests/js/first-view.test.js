import assert from "node:assert/strict";
import { test } from "node:test";
import { Playground } from "../../static/js/playground.js";
import { NOT_YET, whenBegun } from "../../static/js/session/first-session.js";
import { Sharing } from "../../static/js/sharing.js";
import { FakeServer } from "./fake-server.js";
import { edit, idle, shownBias, shownStep, toTheEnd } from "./page.js";

const RECIPE = { model: {}, seed: 0 };

/** A page whose first view came with it, opened while the request for its session has this fate. @param {...string} fates */
function cameWithAView(...fates) {
  const server = new FakeServer();
  Object.defineProperty(server, "session", { value: { ...server.session, id: NOT_YET, version: 0 }, configurable: true });
  const view = server.view({ sample: 2, historyFrom: 1, isTheLongWay: false, map: null });
  delete (/** @type {any} */ (server).session);
  server.plan("startSession", ...fates);
  const playground = new Playground(server.api);
  const sharing = new Sharing(playground, { recipe: RECIPE, sample: 2 }, { recipe: RECIPE, sample: 2, view, programs: {} });
  const opened = sharing.restore(sharing.first);
  return { server, playground, sharing, opened };
}

test("the first view is on show before its session is there", async () => {
  const { server, playground, opened } = cameWithAView("hold");
  await idle();
  assert.deepEqual([playground.state.status, shownStep(playground), playground.state.sample], ["ready", 1, 2]);
  assert.equal(playground.state.session?.id, NOT_YET);
  server.release();
  assert.ok(await opened);
  assert.deepEqual([playground.state.session?.id, playground.model.etag], ["s", server.etag]);
  assert.deepEqual(server.log, ["getProgram", "startSession"]);
});

for (const [name, press, asks] of /** @type {[string, (playground: Playground) => unknown, string[]][]} */ ([
  ["an edit", (playground) => edit(playground, 7), ["patchSession"]],
  ["the end of the step", (playground) => toTheEnd(playground), ["takeStep"]],
  ["the long way", (playground) => playground.inspector.goTheLongWay(true), ["getView"]],
])) {
  test(`${name} waits for the session`, async () => {
    const { server, playground } = cameWithAView("hold");
    await idle();
    const pressed = press(playground);
    await idle();
    assert.deepEqual(server.log, ["getProgram"]);
    server.release();
    await pressed;
    await playground.changing.settle();
    assert.deepEqual([server.log.slice(1), playground.state.problem], [["startSession", ...asks], null]);
  });

  test(`${name} makes the session where that could not be done at first`, async () => {
    const { server, playground, opened } = cameWithAView("refuse");
    assert.equal(await opened, false);
    assert.deepEqual([playground.state.status, playground.state.problem], ["ready", "problem.unreachable"]);
    await press(playground);
    await playground.changing.settle();
    assert.deepEqual([server.log.slice(1), playground.state.problem], [["startSession", ...asks], null]);
  });
}

test("a session whose answer got lost is made once more", async () => {
  const { server, playground, opened } = cameWithAView("lose");
  assert.equal(await opened, false);
  await edit(playground, 7);
  assert.deepEqual([server.log.slice(1), shownBias(playground), server.parameters.b1[0]], [["startSession", "startSession", "patchSession"], 7, 7]);
});

test("what asks beside the moves waits too, and all of them make one session", async () => {
  const { server, playground } = cameWithAView("hold");
  await idle();
  const asked = [1, 2, 3].map((step) => playground.api.getView(NOT_YET, { ...playground.model.wish(), step }));
  await idle();
  assert.deepEqual(server.log, ["getProgram"]);
  server.release();
  await Promise.all(asked);
  assert.deepEqual(server.log.slice(1), ["startSession", "getView", "getView", "getView"]);
});

test("what is asked is asked of the session that was made", async () => {
  const api = /** @type {any} */ (whenBegun(/** @type {any} */ ({ getRows: async (/** @type {string} */ id, /** @type {number} */ more) => [id, more] }), async () => "made"));
  assert.deepEqual([await api.getRows(NOT_YET, 1), await api.getRows("other", 2)], [["made", 1], ["other", 2]]);
});

for (const [name, change] of /** @type {[string, object][]} */ ([
  ["recipe", { recipe: { ...RECIPE, seed: 1 } }],
  ["sample", { sample: 1 }],
  ["step", { step: 1 }],
  ["edit", { edits: [{ step: 0, patch: { l2: 1 } }] }],
])) {
  test(`another ${name} is asked from the server`, async () => {
    const { server, playground, sharing, opened } = cameWithAView();
    await opened;
    server.log.length = 0;
    await sharing.restore({ ...sharing.first, ...change });
    assert.deepEqual([server.log, playground.state.problem], [["createSession"], null]);
  });
}

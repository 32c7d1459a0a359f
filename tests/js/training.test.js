import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { watch } from "../../static/js/core/watch.js";
import { SILENCE_MS } from "../../static/js/session/training.js";
import { FakeSocket } from "./fake-server.js";
import { edit, idle, opened, shownBias, shownStep, toTheEnd } from "./page.js";

/** Let all be looked at that the socket has said. @param {import("../../static/js/playground.js").Playground} playground */
async function heard(playground) {
  while (playground.training.news.length > 0) await new Promise((done) => setTimeout(done, 10));
  await playground.training.looked;
  await playground.changing.last;
}

/** A page whose socket is open. */
async function connected() {
  const { server, playground } = await opened();
  page = playground;
  FakeSocket.last.open();
  return { server, playground, socket: FakeSocket.last };
}

/** A page in mid-training: three steps are done. @param {number | null} [steps] */
async function training(steps = 100) {
  const { server, playground, socket } = await connected();
  await playground.training.start(steps);
  server.meddle(3);
  socket.show(true);
  await heard(playground);
  assert.deepEqual([playground.state.isTraining, playground.state.live?.header.step], [true, 4]);
  return { server, playground, socket };
}

/** The server ends the training. @param {FakeSocket} socket @param {"done" | "paused"} how */
function end(socket, how) {
  socket.show();
  socket.say({ type: how, step: socket.server.step, version: socket.server.version });
}

/** The page of the test. @type {import("../../static/js/playground.js").Playground | null} */
let page = null;
afterEach(() => page?.training.stop());

/** What one sees of the end: whether the page says that it trains, the step on show and the message. @param {import("../../static/js/playground.js").Playground} playground */
const seen = (playground) => [playground.state.isTraining, playground.state.live, shownStep(playground), playground.state.problem];

test("a training that is done ends where the session is, and says nothing", async () => {
  const { server, playground, socket } = await training(4);
  server.meddle();
  end(socket, "done");
  await playground.training.over;
  assert.deepEqual([...seen(playground), playground.model.etag], [false, null, 5, null, server.etag]);
  assert.deepEqual(server.log, []);
});

test("a training is asked for with its steps, its speed and the version that the page knows", async () => {
  const { playground, socket, server } = await connected();
  await playground.training.start(null, 10);
  assert.deepEqual(socket.sent, [{ type: "train", steps: null, steps_per_second: 10, version: server.version }]);
});

test("every view has its part of the learning curve, however few of them are drawn", async () => {
  const { server, playground, socket } = await connected();
  await playground.training.start(9);
  for (let from = 1; from <= 9; from += 3) {
    server.meddle(3);
    socket.show(true, from);
  }
  end(socket, "done");
  await heard(playground);
  assert.deepEqual(playground.state.history.step, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("of the views that come between two frames only the newest is drawn", async () => {
  const { server, playground, socket } = await connected();
  await playground.training.start(3);
  /** @type {(number | undefined)[]} */
  const drawn = [];
  const end = watch(() => drawn.push(playground.state.live?.header.step));
  for (let from = 1; from <= 3; from++) {
    server.meddle();
    socket.show(true, from);
  }
  await heard(playground);
  end();
  assert.deepEqual(drawn, [undefined, 4]);
});

test("a server that goes away in mid-training is told of, and the page goes on when it is back", async () => {
  const { server, playground, socket } = await training();
  server.isReachable = false;
  socket.close();
  await playground.training.over;
  assert.deepEqual(seen(playground), [false, null, 4, "problem.unreachable"]);
  server.isReachable = true;
  server.meddle();
  await playground.player.later();
  assert.deepEqual(seen(playground), [false, null, 5, null]);
  await toTheEnd(playground);
  await playground.player.later();
  assert.deepEqual([server.step, ...seen(playground)], [5, false, null, 6, null]);
});

test("a connection that breaks in mid-training is told of, with the step that was kept", async () => {
  const { server, playground, socket } = await training();
  server.meddle();
  socket.close();
  await idle();
  await playground.training.over;
  assert.deepEqual(seen(playground), [false, null, 5, "problem.training_cut"]);
});

test("a connection that falls silent without closing ends the training too", async (context) => {
  const { server, playground, socket } = await training();
  clearTimeout(playground.training.silence);
  context.mock.timers.enable({ apis: ["setTimeout"] });
  server.meddle();
  socket.show(true);
  context.mock.timers.tick(SILENCE_MS - 1);
  await playground.training.looked;
  assert.deepEqual([playground.state.isTraining, playground.state.live?.header.step], [true, 5]);
  context.mock.timers.tick(1);
  await playground.training.over;
  assert.deepEqual(seen(playground), [false, null, 5, "problem.training_cut"]);
});

test("a broken connection comes back by itself and hears all that it has missed", async (context) => {
  const { server, playground, socket } = await connected();
  context.mock.timers.enable({ apis: ["setTimeout"] });
  socket.close();
  context.mock.timers.tick(2_000);
  assert.notEqual(FakeSocket.last, socket);
  server.meddle(2);
  FakeSocket.last.open();
  assert.deepEqual(FakeSocket.last.sent, [{ type: "show", sample: 0, long_way: false, map: null, history_from: 1 }]);
  FakeSocket.last.show();
  context.mock.timers.tick(120);
  await idle();
  assert.deepEqual(seen(playground), [false, null, 3, null]);
});

test("Train with the server away says so and keeps the curve and what can be undone", async () => {
  const { server, playground } = await opened();
  page = playground;
  await edit(playground, 7);
  const { history } = playground.state;
  server.isReachable = false;
  const pressed = playground.training.start(100);
  await idle();
  FakeSocket.last.close();
  await pressed;
  assert.deepEqual(seen(playground), [false, null, 1, "problem.unreachable"]);
  assert.deepEqual([playground.state.history, playground.state.undoable], [history, 1]);
});

test("Train connects at once where the connection is broken", async () => {
  const { playground, socket } = await connected();
  socket.close();
  const pressed = playground.training.start(100);
  await idle();
  FakeSocket.last.open();
  await pressed;
  assert.deepEqual([playground.state.isTraining, FakeSocket.last.sent.at(-1).type], [true, "train"]);
});

test("a training that the server refuses says why, and that goes with the next success", async () => {
  const { playground, socket } = await connected();
  await playground.training.start(100);
  socket.say({ type: "problem", problem: { status: 503, code: "too_many_streams", detail: "Too many streams.", params: {} } });
  await heard(playground);
  assert.deepEqual(seen(playground), [false, null, 1, "Too many streams."]);
  await toTheEnd(playground);
  await playground.player.later();
  assert.equal(playground.state.problem, null);
});

test("a training of a session that others have changed shows it first", async () => {
  const { server, playground, socket } = await connected();
  server.meddle();
  await playground.training.start(100);
  socket.say({ type: "problem", problem: { status: 412, code: "stale_version", detail: "", params: {} } });
  await heard(playground);
  assert.deepEqual(seen(playground), [false, null, 2, "problem.stale"]);
});

test("a pause waits until the server has stopped", async () => {
  const { server, playground, socket } = await training();
  await playground.player.toggle();
  assert.deepEqual(socket.sent.map(({ type }) => type), ["train", "pause"]);
  assert.equal(playground.state.isTraining, true);
  server.meddle();
  end(socket, "paused");
  await playground.training.over;
  assert.deepEqual([...seen(playground), playground.model.etag], [false, null, 5, null, server.etag]);
});

test("keys pressed in mid-training take no step", async () => {
  const { server, playground } = await training();
  await playground.player.later();
  await toTheEnd(playground);
  await playground.player.earlier();
  assert.ok(!server.log.includes("takeStep"));
  assert.equal(playground.state.problem, null);
});

test("a change in mid-training ends the training first", async () => {
  const { server, playground, socket } = await training();
  void playground.editing.make({ key: "learning", forward: { parameters: { b1: [7, 7, 7] } }, back: { parameters: { b1: [0, 0, 0] } } });
  await idle();
  assert.ok(!server.log.includes("patchSession"));
  end(socket, "paused");
  await heard(playground);
  assert.deepEqual([server.parameters.b1, ...seen(playground)], [[7, 7, 7], false, null, 4, null]);
});

test("what another page does is seen here, and what this one does is not taken for it", async () => {
  const { server, playground, socket } = await connected();
  server.meddle();
  socket.show();
  await heard(playground);
  assert.deepEqual([...seen(playground), server.log], [false, null, 2, null, []]);
  server.plan("takeStep", "hold");
  await toTheEnd(playground);
  await idle();
  server.release();
  socket.show();
  await heard(playground);
  assert.deepEqual([shownStep(playground), playground.model.isTaken, playground.model.session.step], [2, true, 2]);
});

test("every view that was looked at is said to be seen, and none before", async () => {
  const { server, playground, socket } = await connected();
  for (const isRunning of [true, true, false]) {
    server.meddle();
    socket.show(isRunning);
  }
  assert.equal(socket.seen, 0);
  await heard(playground);
  assert.equal(socket.seen, 3);
});

test("a training that another page has started is watched, and can be paused", async () => {
  const { server, playground, socket } = await connected();
  server.meddle(3);
  socket.show(true);
  await heard(playground);
  assert.deepEqual([playground.state.isTraining, playground.state.live?.header.step], [true, 4]);
  await playground.player.toggle();
  assert.deepEqual(socket.sent, [{ type: "pause" }]);
  end(socket, "paused");
  await playground.training.over;
  assert.deepEqual(seen(playground), [false, null, 4, null]);
});

test("a change whose answer got lost is found out by the socket too, with its undo", async () => {
  const { server, playground, socket } = await connected();
  server.plan("patchSession", "lose");
  server.plan("getView", "refuse");
  await edit(playground, 7);
  assert.equal(playground.state.problem, "problem.unreachable");
  socket.show();
  await heard(playground);
  assert.deepEqual([shownBias(playground), playground.state.undoable, playground.state.problem], [7, 1, null]);
});

test("views are told what is looked at", async () => {
  const { server, playground, socket } = await connected();
  await playground.inspector.goTheLongWay(true);
  playground.inspector.map([0, 1, 40]);
  await idle();
  assert.deepEqual(socket.sent.at(-1), { type: "show", sample: 0, long_way: true, map: "0,1,40", history_from: 1 });
  server.room = 2;
  await edit(playground, 7);
  await playground.inspector.showSample(3);
  await idle();
  assert.equal(socket.sent.at(-1).sample, 3);
});

test("another session has a socket of its own", async () => {
  const { playground, socket } = await connected();
  playground.store.set({ session: { ...playground.model.session, id: "other" } });
  await idle();
  assert.deepEqual([socket.readyState, FakeSocket.last === socket], [3, false]);
});

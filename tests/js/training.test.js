import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { SILENCE_MS } from "../../static/js/api/stream.js";
import { FakeSocket } from "./fake-server.js";
import { edit, idle, opened, shownStep, toTheEnd } from "./page.js";

globalThis.WebSocket = /** @type {any} */ (FakeSocket);

const METRICS = { step: [1, 2, 3], loss: [1, 1, 1], accuracy: [null, null, null], held_out_loss: [null, null, null] };

/** A page in mid-training: three steps of so many are done. @param {number} [steps] */
async function training(steps = 100) {
  const { server, playground } = await opened();
  await playground.training.start(steps);
  const socket = FakeSocket.last;
  socket.open();
  server.meddle(3);
  socket.say({ type: "metrics", step: 3, metrics: METRICS });
  assert.equal(playground.state.isTraining, true);
  return { server, playground, socket };
}

afterEach(() => FakeSocket.last.close());

/** What one sees of the end: whether the page says that it trains, the step on show and the message. @param {import("../../static/js/playground.js").Playground} playground */
const seen = (playground) => [playground.state.isTraining, playground.state.live, shownStep(playground), playground.state.problem];

test("a training that is done ends where the session is, and says nothing", async () => {
  const { playground, socket } = await training(1);
  socket.say({ type: "done", step: 3 });
  await playground.training.over;
  assert.deepEqual(seen(playground), [false, null, 4, null]);
});

test("a server that goes away in mid-training is told of, and the page goes on when it is back", async () => {
  const { server, playground, socket } = await training();
  server.isReachable = false;
  socket.close();
  await playground.training.over;
  assert.deepEqual(seen(playground), [false, null, 1, "problem.unreachable"]);
  server.isReachable = true;
  await playground.player.later();
  assert.deepEqual(seen(playground), [false, null, 4, null]);
  await toTheEnd(playground);
  await playground.player.later();
  assert.deepEqual([server.step, ...seen(playground)], [4, false, null, 5, null]);
});

test("a connection that breaks in mid-training is told of, with the step that was kept", async () => {
  const { playground, socket } = await training();
  socket.close();
  await playground.training.over;
  assert.deepEqual(seen(playground), [false, null, 4, "problem.training_cut"]);
});

test("a connection that falls silent without closing ends the training too", async (context) => {
  const { playground, socket } = await opened().then(async ({ server, playground }) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    await playground.training.start(100);
    FakeSocket.last.open();
    server.meddle(3);
    FakeSocket.last.say({ type: "metrics", step: 3, metrics: METRICS });
    return { playground, socket: FakeSocket.last };
  });
  context.mock.timers.tick(SILENCE_MS - 1);
  assert.equal(playground.state.isTraining, true);
  socket.say({ type: "metrics", step: 3, metrics: METRICS });
  context.mock.timers.tick(SILENCE_MS - 1);
  assert.equal(playground.state.isTraining, true);
  context.mock.timers.tick(1);
  await playground.training.over;
  assert.deepEqual(seen(playground), [false, null, 4, "problem.training_cut"]);
});

test("Train with the server away says so and keeps the curve and what can be undone", async () => {
  const { server, playground } = await opened();
  await edit(playground, 7);
  const { history } = playground.state;
  server.isReachable = false;
  await playground.training.start(100);
  FakeSocket.last.close();
  await playground.training.over;
  assert.deepEqual(seen(playground), [false, null, 1, "problem.unreachable"]);
  assert.deepEqual([playground.state.history, playground.state.undoable], [history, 1]);
});

test("a training that the server refuses says why", async () => {
  const { playground } = await opened();
  await playground.training.start(100);
  FakeSocket.last.open();
  FakeSocket.last.say({ type: "problem", problem: { status: 503, code: "too_many_streams", detail: "Too many streams.", params: {} } });
  await playground.training.over;
  assert.deepEqual(seen(playground), [false, null, 1, "Too many streams."]);
});

test("what a training was refused for goes with the next success", async () => {
  const { playground } = await opened();
  await playground.training.start(100);
  FakeSocket.last.close();
  await playground.training.over;
  assert.notEqual(playground.state.problem, null);
  await toTheEnd(playground);
  await playground.player.later();
  assert.equal(playground.state.problem, null);
});

test("a pause waits until the server has stopped", async () => {
  const { server, playground, socket } = await training();
  await playground.player.toggle();
  assert.deepEqual(socket.sent.map(({ type }) => type), ["train", "pause"]);
  server.meddle();
  socket.say({ type: "paused", step: 4 });
  await playground.training.over;
  assert.deepEqual([...seen(playground), playground.model.etag], [false, null, 5, null, server.etag]);
});

test("what arrives after the end of a training is not heard", async () => {
  const { playground, socket } = await training();
  playground.training.pause();
  socket.say({ type: "paused", step: 3 });
  await playground.training.over;
  const { history } = playground.state;
  socket.say({ type: "metrics", step: 9, metrics: { ...METRICS, step: [7, 8, 9] } });
  assert.equal(playground.state.history, history);
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
  void playground.editing.make({ key: "learning", forth: { parameters: { b1: [7, 7, 7] } }, back: { parameters: { b1: [0, 0, 0] } } });
  await idle();
  assert.ok(!server.log.includes("patchSession"));
  socket.say({ type: "paused", step: 3 });
  await playground.changing.last;
  assert.deepEqual([server.parameters.b1, ...seen(playground)], [[7, 7, 7], false, null, 4, null]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { edit, idle, opened, toTheEnd } from "./page.js";

/** The old z of the first hidden unit of the sample on show, which would be struck out; null: none. z is b1 plus 100 times the row. @param {import("../../static/js/playground.js").Playground} playground */
const old = ({ state }) => state.ghost?.get(state.sample)?.at("z1", [0, 0]) ?? null;

test("each sample has its own old numbers", async () => {
  const { playground } = await opened();
  await edit(playground, 7);
  assert.equal(old(playground), 200);
  for (const sample of [1, 0, 3, 2]) {
    await playground.inspector.showSample(sample);
    assert.equal(old(playground), 100 * sample);
  }
});

test("a sample whose old numbers were never fetched has none", async () => {
  const { server, playground } = await opened();
  playground.store.set({ samples: new Map([[2, playground.state.samples.get(2)]]) });
  await edit(playground, 7);
  await playground.inspector.showSample(1);
  assert.equal(old(playground), null);
  assert.equal(server.parameters.b1[0], 7);
});

test("the old numbers of a drag are those before it", async () => {
  const { playground } = await opened();
  for (const [at, value] of [1.5, 1.2, 0.4, -0.6, -1.3].entries()) await edit(playground, value, { isContinuing: at > 0 });
  assert.deepEqual([old(playground), playground.state.undoable], [200, 1]);
  await playground.inspector.showSample(1);
  assert.equal(old(playground), 100);
});

test("a drag that outruns the server has the old numbers before it too", async () => {
  const { server, playground } = await opened();
  server.plan("patchSession", "hold");
  const drags = [1.5, 1.2, 0.4].map((value, at) => edit(playground, value, { isContinuing: at > 0 }));
  await idle();
  drags.push(...[-0.6, -1.3].map((value) => edit(playground, value, { isContinuing: true })));
  await idle();
  server.release();
  await Promise.all(drags);
  assert.deepEqual([server.parameters.b1[0], old(playground), playground.state.undoable], [-1.3, 200, 1]);
});

test("a second drag of the same number begins where the first has ended", async () => {
  const { playground } = await opened();
  for (const [at, value] of [1, 2, 3].entries()) await edit(playground, value, { isContinuing: at > 0 });
  for (const [at, value] of [4, 5].entries()) await edit(playground, value, { isContinuing: at > 0 });
  assert.deepEqual([old(playground), playground.state.undoable], [203, 2]);
});

test("undo after a drag takes back all of it, and its old numbers are the drag's last", async () => {
  const { server, playground } = await opened();
  for (const [at, value] of [1, 2, 3].entries()) await edit(playground, value, { isContinuing: at > 0 });
  await playground.editing.undo();
  assert.deepEqual([server.parameters.b1[0], old(playground)], [0, 203]);
  await playground.editing.redo();
  assert.deepEqual([server.parameters.b1[0], old(playground)], [3, 200]);
});

test("a drag whose last part failed is undone to where it began", async () => {
  const { server, playground } = await opened();
  await edit(playground, 1);
  await edit(playground, 2, { isContinuing: true });
  server.plan("patchSession", "refuse");
  await edit(playground, 3, { isContinuing: true });
  assert.deepEqual([server.parameters.b1[0], old(playground), playground.state.undoable], [2, 200, 1]);
  await playground.editing.undo();
  assert.equal(server.parameters.b1[0], 0);
});

test("the long way keeps the old numbers", async () => {
  const { playground } = await opened();
  await edit(playground, 7);
  await playground.inspector.goTheLongWay(true);
  assert.equal(old(playground), 200);
  await playground.inspector.showSample(1);
  assert.equal(old(playground), 100);
});

test("another step has no old numbers: not the next one, not one gone back to, not one that an edit begins", async () => {
  const { playground } = await opened();
  await edit(playground, 7);
  await toTheEnd(playground);
  await playground.player.later();
  assert.equal(old(playground), null);
  await edit(playground, 9);
  await playground.training.rewindTo(0);
  assert.equal(old(playground), null);
  await toTheEnd(playground);
  await edit(playground, 3);
  assert.equal(old(playground), null);
});

for (const patch of [{ data: { remove: [0] } }, { data: { add: { x: [[1, 1]], y: [0] } } }, { batch_size: 2 }]) {
  test(`there are no old numbers where ${Object.keys(patch.data ?? patch)} makes other rows of the batch`, async () => {
    const { playground } = await opened();
    await playground.editing.make({ key: "rows", forward: patch, back: patch });
    assert.equal(old(playground), null);
    assert.equal(playground.state.problem, null);
  });
}

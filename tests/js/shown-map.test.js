import assert from "node:assert/strict";
import { test } from "node:test";
import { MapData } from "../../static/js/views/map/map-data.js";
import { TimeTravel } from "../../static/js/views/time-travel.js";
import { idle, opened, shownBias, shownStep, toTheEnd } from "./page.js";

/** @typedef {import("../../static/js/playground.js").Playground} Playground */

/** A page with a map that still shows the step it has just taken. */
async function taken() {
  const page = await opened({ model: { inputs: 2 } }, { features: 2, class_names: ["A", "B"], held_out_rows: 0, target: null });
  await toTheEnd(page.playground);
  await page.playground.changing.settle();
  return { ...page, data: new MapData(page.playground, () => {}) };
}

/** The map and the bias that are drawn: before the update or, at its end, after it. @param {Playground} playground @param {MapData} data */
function answers({ state }, data) {
  data.take();
  const { operations } = /** @type {any} */ (state.timeline);
  const isUpdated = state.operation === operations.length - 1 && state.arrived === operations.at(-1).units;
  return [data.drawn?.probabilities[0][0][0], /** @type {any} */ (state.batch).at(isUpdated ? "b1_next" : "b1", [0])];
}

test("the map belongs to the weights that are drawn, at every place of a step that was taken", async () => {
  const { playground, data } = await taken();
  assert.deepEqual(answers(playground, data), [1, 1], "at the end of the update");
  await playground.player.earlier();
  assert.deepEqual(answers(playground, data), [0, 0], "before it has ended");
  await playground.player.seek(0);
  assert.deepEqual(answers(playground, data), [0, 0]);
  await toTheEnd(playground);
  assert.deepEqual(answers(playground, data), [1, 1]);
  await playground.player.later();
  assert.deepEqual([shownStep(playground), ...answers(playground, data)], [2, 1, 1]);
});

test("an edit of a step that was taken changes the map with the weights", async () => {
  const { playground, data } = await taken();
  await playground.player.seek(0);
  await playground.editing.patch({ parameters: { b1: [7, 0, 0] } });
  assert.deepEqual([shownStep(playground), ...answers(playground, data)], [2, 7, 7]);
});

test("other features are mapped for the step that is shown", async () => {
  const { server, playground, data } = await taken();
  data.isWanted = true;
  await playground.player.seek(0);
  data.take();
  data.choose([1, 0]);
  data.ask();
  await idle();
  const found = () => [data.state.map, data.state.mapAfter].map((map) => map && [map.x_feature, map.probabilities[0][0][0]]);
  assert.deepEqual([...found(), ...answers(playground, data)], [[1, 0], [0, 1], 0, 0]);
  assert.equal(playground.model.isTaken, true, "and the step that was taken stays so");
  await toTheEnd(playground);
  data.ask();
  await idle();
  assert.deepEqual([...found(), ...answers(playground, data)], [[1, 0], [1, 1], 1, 1]);
  assert.deepEqual(server.log.filter((name) => name === "getView").length, 2);
});

test("the plane of a unit belongs to the weights that are drawn", async () => {
  const { server, playground, data } = await taken();
  Object.assign(data, { isWanted: true, lens: { layer: 2, unit: 0 } });
  data.take();
  for (const go of [() => {}, () => playground.player.seek(0), () => toTheEnd(playground)]) {
    await go();
    data.ask();
    await idle();
  }
  assert.deepEqual(server.log.filter((name) => name.startsWith("getDecisionMap")), ["getDecisionMap", "getDecisionMap 1", "getDecisionMap"]);
});

test("the curve leads from a step that was taken to the one that it has led to", async () => {
  const { playground } = await taken();
  await playground.player.seek(0);
  await new TimeTravel(playground, () => {}).to(1);
  assert.deepEqual([shownStep(playground), shownBias(playground), playground.state.problem], [2, 1, null]);
});

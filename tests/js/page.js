import assert from "node:assert/strict";
import { Playground } from "../../static/js/playground.js";
import { editableOf } from "../../static/js/trace/change/editable.js";
import { FakeServer } from "./fake-server.js";

/** The page without its elements: nothing is drawn, so time passes only where a press ends it. */
globalThis.requestAnimationFrame = () => 0;
console.error = () => {};

/** A page that shows the first step of a session. @param {any} [recipe] @param {object} [dataset] what the server says of its data */
export async function opened(recipe = {}, dataset = {}) {
  const server = new FakeServer();
  server.dataset = dataset;
  const playground = new Playground(server.api);
  assert.ok(await playground.open(recipe, 2), String(playground.state.problem));
  await idle();
  server.log.length = 0;
  return { server, playground };
}

/** Let everything happen that does not wait for the server. */
export const idle = () => new Promise((done) => setImmediate(() => setImmediate(() => setImmediate(done))));

/** Be at the end of the step on show. @param {Playground} playground */
export const toTheEnd = (playground) => playground.player.seek(playground.player.timeline.duration);

/** The step on show, by the trace that is drawn. @param {Playground} playground */
export const shownStep = ({ state }) => /** @type {any} */ (state.batch).header.step;

/** The bias of the first hidden unit as the page draws it. @param {Playground} playground */
export const shownBias = ({ state }) => /** @type {any} */ (state.batch).at("b1", [0]);

/** Set a bias as the card does. @param {Playground} playground @param {number} value @param {{isContinuing?: boolean, unit?: number}} [options] */
export async function edit(playground, value, { isContinuing = false, unit = 0 } = {}) {
  await playground.changing.settle();
  const editable = editableOf({ ...playground.state, focus: { tensor: "b1", index: [unit] } });
  await playground.editing.make(/** @type {any} */ (editable).change(value), isContinuing);
}

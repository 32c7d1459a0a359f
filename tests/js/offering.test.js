import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { offerLabs, offersLabs } from "../../static/js/offering.js";
import { edit, idle, opened } from "./page.js";

/** What the browser remembers. @type {Map<string, string>} */
const memory = new Map();
const localStorage = { getItem: (/** @type {string} */ name) => memory.get(name) ?? null, setItem: (/** @type {string} */ name, /** @type {string} */ value) => memory.set(name, value) };
const pressed = new EventTarget();
const root = { isOffering: false, toggleAttribute: (/** @type {string} */ _name, /** @type {boolean} */ isOn) => (root.isOffering = isOn) };
const place = { search: "", hash: "" };
const own = /** @type {any} */ ({ localStorage });
own.parent = own;
Object.assign(globalThis, { window: own, location: place, document: { documentElement: root }, addEventListener: pressed.addEventListener.bind(pressed) });
beforeEach(() => {
  memory.clear();
  Object.assign(place, { search: "", hash: "" });
  own.parent = own;
});

/** A first visit. */
async function visited() {
  const page = await opened();
  assert.equal(offersLabs(), true);
  offerLabs(page.playground);
  assert.deepEqual([page.playground.state.offersLabs, root.isOffering], [true, true]);
  return page;
}

const isOffered = async (/** @type {import("../../static/js/playground.js").Playground} */ playground) => {
  await idle();
  const { offersLabs: isOffering } = playground.state;
  assert.equal(root.isOffering, isOffering, "the room for them is there as long as they are");
  return isOffering;
};

test("labs are offered on a plain address, and neither on a link, in a lab, in a frame nor in front of a class", () => {
  for (const [search, hash] of [["?lab=gate", ""], ["?present=1", ""], ["?embed=1", ""], ["?hide=asking", ""], ["", "#s=1"]]) {
    Object.assign(place, { search, hash });
    assert.equal(offersLabs(), false, search + hash);
  }
  Object.assign(place, { search: "", hash: "" });
  own.parent = {};
  assert.equal(offersLabs(), false);
});

test("who looks, plays and asks is offered them all the time", async () => {
  const { playground } = await visited();
  playground.inspector.explain({ tensor: "b1", index: [0] });
  await playground.player.later();
  await playground.setLanguage("en").catch(() => {});
  assert.equal(await isOffered(playground), true);
  assert.equal(offersLabs(), true);
});

for (const [what, change] of /** @type {[string, (page: Awaited<ReturnType<typeof visited>>) => unknown][]} */ ([
  ["an edit", ({ playground }) => edit(playground, 1)],
  ["another network", ({ playground }) => playground.open({ seed: 2 })],
  ["a lab", ({ playground }) => playground.store.set({ lab: /** @type {any} */ ({}) })],
])) {
  test(`after ${what} they are gone for good`, async () => {
    const page = await visited();
    await change(page);
    assert.equal(await isOffered(page.playground), false);
    assert.equal(offersLabs(), false);
  });
}

test("the drawing does not grow under a hand that holds something", async () => {
  const { playground } = await visited();
  pressed.dispatchEvent(new Event("pointerdown"));
  await edit(playground, 1);
  assert.equal(await isOffered(playground), true);
  pressed.dispatchEvent(new Event("pointerup"));
  assert.equal(await isOffered(playground), false);
});

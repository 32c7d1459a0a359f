import assert from "node:assert/strict";
import { test } from "node:test";

const page = /** @type {any} */ (globalThis);
page.HTMLElement = class {};
page.document = { createTreeWalker: () => null, createComment: () => null };
/** @type {Set<unknown>} */
const observed = new Set();
page.ResizeObserver = class {
  observe = () => observed.add(this);
  disconnect = () => observed.delete(this);
};
const { StoreElement } = await import("../../static/js/core/element.js");
StoreElement.playground = /** @type {any} */ ({ player: { clock: {} } });

/** An element that draws nothing and hears of calls. */
class Listener extends StoreElement {
  static bell = new EventTarget();
  /** @type {string[]} */
  said = [];
  refresh = () => this.said.push("drawn");
  onCall = () => this.said.push("called");

  /** @override @param {AbortSignal} signal */
  whileConnected(signal) {
    this.said.push("came");
    Listener.bell.addEventListener("call", this.onCall, { signal });
    this.onResize(signal, () => {});
  }
}

const call = () => Listener.bell.dispatchEvent(new Event("call"));

test("what an element begins when it comes ends when it leaves, and begins once again when it comes back", () => {
  const element = new Listener();
  call();
  element.connectedCallback();
  assert.deepEqual(element.said, ["came", "drawn"]);
  call();
  assert.equal(observed.size, 1);
  element.disconnectedCallback();
  call();
  assert.equal(observed.size, 0);
  element.connectedCallback();
  call();
  assert.equal(observed.size, 1);
  assert.deepEqual(element.said, ["came", "drawn", "called", "came", "drawn", "called"]);
});

import { render } from "../vendor/lit.js";

/** Fields that change what every element says. */
const ALWAYS = ["language", "notation"];

/**
 * Base of the page's custom elements: renders its template into itself when a field of the store that it reads changes.
 * An element reads the store, never another element.
 */
export class StoreElement extends HTMLElement {
  /** The page's only playground, set by main.js before an element is made. */
  static playground = /** @type {import("../playground.js").Playground} */ (/** @type {unknown} */ (null));

  /** Links, files and exports of what is on show; set beside it. */
  static sharing = /** @type {import("../sharing.js").Sharing} */ (/** @type {unknown} */ (null));

  /** Names of the state's fields that make this element render again. @type {string[]} */
  static reads = [];

  /** Whether it may come a frame after the drawing while a step plays, so that no frame has to do all of it. */
  static mayFollow = false;

  playground = StoreElement.playground;
  sharing = StoreElement.sharing;

  connectedCallback() {
    const { reads: own, mayFollow } = /** @type {typeof StoreElement} */ (this.constructor);
    const reads = [...ALWAYS, ...own];
    this.unsubscribe = this.playground.store.subscribe(({ isPlaying }, changed) => {
      if (!reads.some((name) => changed.has(name))) return;
      if (mayFollow && isPlaying) this.playground.player.onFrame.add(this.catchUp);
      else this.catchUp();
    });
    this.update();
  }

  catchUp = () => {
    this.playground.player.onFrame.delete(this.catchUp);
    this.update();
  };

  disconnectedCallback() {
    this.unsubscribe?.();
    this.playground.player.onFrame.delete(this.catchUp);
  }

  update() {
    render(this.template(this.playground.store.state), this);
    this.updated(this.playground.store.state);
  }

  /**
   * @param {import("../state.js").State} _state
   * @returns {unknown} a lit-html template
   */
  template(_state) {
    return "";
  }

  /** Called after each render. @param {import("../state.js").State} _state */
  updated(_state) {}
}

import { render } from "../vendor/lit.js";
import { Watch } from "./watch.js";

/**
 * Base of the page's custom elements: renders its template into itself when something that it read has changed.
 * An element reads the store, never another element.
 */
export class StoreElement extends HTMLElement {
  /** The page's only playground, set by main.js before an element is made. */
  static playground = /** @type {import("../playground.js").Playground} */ (/** @type {unknown} */ (null));

  /** Links, files and exports of what is on show; set beside it. */
  static sharing = /** @type {import("../sharing.js").Sharing} */ (/** @type {unknown} */ (null));

  /** The labs; set beside it. */
  static labs = /** @type {import("../labs.js").Labs} */ (/** @type {unknown} */ (null));

  /** Whether what has changed comes here a frame after the drawing, so that no frame has to do all of it. */
  static mayFollow = false;

  playground = StoreElement.playground;
  sharing = StoreElement.sharing;
  labs = StoreElement.labs;

  connectedCallback() {
    const { mayFollow } = /** @type {typeof StoreElement} */ (this.constructor);
    const { clock } = this.playground.player;
    this.watching = new Watch(() => this.refresh(), mayFollow ? (again) => clock.afterNextFrame(again) : undefined);
    this.update();
  }

  disconnectedCallback() {
    this.watching?.stop();
  }

  /** Render now, also what is no state. */
  update() {
    this.watching?.run();
  }

  refresh() {
    const { state } = this.playground;
    render(this.template(state), this);
    this.updated(state);
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

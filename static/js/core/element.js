import { render } from "../vendor/lit.js";
import { Watch } from "./watch.js";

/**
 * Base of the page's custom elements: renders its template into itself when something that it read has changed.
 * An element reads the store, never another element.
 */
export class StoreElement extends HTMLElement {
  /** The page's only playground, set by main.js before an element is made. */
  static playground = /** @type {import("../playground.js").Playground} */ (/** @type {unknown} */ (null));

  /** Links, files and exports of what is shown; set beside it. */
  static sharing = /** @type {import("../sharing.js").Sharing} */ (/** @type {unknown} */ (null));

  /** The labs; set beside it. */
  static labs = /** @type {import("../labs.js").Labs} */ (/** @type {unknown} */ (null));

  /** Whether what has changed comes here a frame after the drawing, so that no frame has to do all of it. */
  static mayFollow = false;

  playground = StoreElement.playground;
  sharing = StoreElement.sharing;
  labs = StoreElement.labs;

  connectedCallback() {
    this.leaving = new AbortController();
    this.whileConnected(this.leaving.signal);
    const { mayFollow } = /** @type {typeof StoreElement} */ (this.constructor);
    const { clock } = this.playground.player;
    this.watching = new Watch(() => this.refresh(), mayFollow ? (again) => clock.afterNextFrame(again) : undefined);
    this.update();
  }

  disconnectedCallback() {
    this.watching?.stop();
    this.leaving?.abort();
  }

  /** Begin, before the first render, what is to end when the element leaves the page. @param {AbortSignal} _signal then aborted */
  whileConnected(_signal) {}

  /** Act at first and whenever the element's size has changed. @param {AbortSignal} signal ends it @param {ResizeObserverCallback} act */
  onResize(signal, act) {
    const observer = new ResizeObserver(act);
    observer.observe(this);
    signal.addEventListener("abort", () => observer.disconnect());
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

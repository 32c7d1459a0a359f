import { html } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";
import { actsInSheet, asksToNudge } from "../lab/setup.js";
import { nudgeOf } from "../trace/measure/nudge.js";

/** A drag that is shorter is a tap, in px. */
const TAP = 16;

/** Opens and closes the sheet with the explanation, on a phone: by a tap, a drag or a key. */
export class Handle extends StoreElement {
  /** Where the finger went down, and whether it then moved. */
  from = 0;
  isDrag = false;
  /** What was to be done in the sheet last, where a lab asks for it. @type {unknown} */
  wanted = null;

  /** @override @param {AbortSignal} signal */
  whileConnected(signal) {
    this.parentElement?.addEventListener("focusin", this.onFocus, { signal });
    this.parentElement?.addEventListener("keydown", this.onKey, { signal });
  }

  /** @override @param {import("../state.js").State} state */
  template({ isSheetOpen }) {
    return html`<button class="handle" aria-expanded=${isSheetOpen} aria-label=${t(isSheetOpen ? "sheet.close" : "sheet.open")}
      @pointerdown=${this.onDown} @pointerup=${this.onUp} @click=${this.onClick}></button>`;
  }

  /** @override @param {import("../state.js").State} state */
  updated(state) {
    document.documentElement.dataset.sheet = state.isSheetOpen ? "open" : "closed";
    const wanted = wantedOf(state);
    // What a lab asks for lies in the sheet: it comes up once, and again for what somebody then presses.
    if (wanted !== null && wanted !== this.wanted) queueMicrotask(() => this.playground.showSheet(true));
    this.wanted = wanted;
  }

  /** What has the focus is never out of sight. @param {FocusEvent} event */
  onFocus = (event) => {
    if (!this.contains(/** @type {Node} */ (event.target))) this.playground.showSheet(true);
  };

  /** @param {KeyboardEvent} event */
  onKey = (event) => {
    if (event.key === "Escape") this.playground.showSheet(false);
  };

  /** @param {PointerEvent} event */
  onDown = (event) => {
    this.from = event.clientY;
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
  };

  /** @param {PointerEvent} event */
  onUp = (event) => {
    const way = event.clientY - this.from;
    this.isDrag = Math.abs(way) >= TAP;
    if (this.isDrag) this.playground.showSheet(way < 0);
  };

  /** After a drag the browser reports a click, too. */
  onClick = () => {
    if (!this.isDrag) this.playground.showSheet(!this.playground.state.isSheetOpen);
    this.isDrag = false;
  };
}

/** What is to be done in the sheet: nudge the number that is asked about, or all that a scene has done there. @param {import("../state.js").State} state */
function wantedOf(state) {
  const { lab } = state;
  const scene = lab?.beat === "do" && !lab.isFolded ? lab.lab.scenes[lab.at] : null;
  if (!scene) return null;
  if (asksToNudge(scene)) return nudgeOf(state) ? state.focus : null;
  return actsInSheet(scene) ? scene : null;
}

customElements.define("bp-handle", Handle);

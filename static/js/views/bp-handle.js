import { html } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";

/** A drag that is shorter is a tap, in px. */
const TAP = 16;

/** Opens and closes the sheet with the explanation, on a phone: by a tap, a drag or a key. */
export class Handle extends StoreElement {
  /** Where the finger went down, and whether it then moved. */
  from = 0;
  isDrag = false;

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
  updated({ isSheetOpen }) {
    document.documentElement.dataset.sheet = isSheetOpen ? "open" : "closed";
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

customElements.define("bp-handle", Handle);

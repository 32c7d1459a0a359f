import { html } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";

/** Where the keyboard can go at once, and the element there that takes the focus. @type {Record<string, string>} */
const PLACES = {
  drawing: "bp-network svg [tabindex='0']",
  card: "bp-card",
  table: "#tab-table",
  transport: "bp-transport .play",
};

/** Links before everything else, seen when they have the focus: past the header, to a part of the page. */
export class Skip extends StoreElement {
  /** @override */
  template() {
    return html`<nav class="skip" aria-label=${t("skip.label")}>
      ${Object.keys(PLACES).map((place) => html`<a href="#${place}" @click=${(/** @type {Event} */ event) => this.go(event, place)}>${t(`skip.${place}`)}</a>`)}
    </nav>`;
  }

  /** @param {Event} event @param {string} place */
  go(event, place) {
    event.preventDefault();
    if (place === "table") this.playground.inspector.showTab("table");
    // A panel that was just opened renders in a microtask that is already queued.
    queueMicrotask(() => {
      const target = /** @type {HTMLElement | null} */ (document.querySelector(PLACES[place]));
      target?.focus();
      target?.scrollIntoView({ block: "nearest" });
    });
  }
}

customElements.define("bp-skip", Skip);

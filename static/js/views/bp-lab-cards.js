import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";

/** So many have room beside each other; the header leads to all. */
const MOST = 4;

/** Below the drawing on a first visit: labs, each by its question and with the time that it takes. */
class LabCards extends StoreElement {
  /** @override @param {import("../state.js").State} state */
  template({ labs, offersLabs }) {
    if (!labs || !offersLabs) return nothing;
    return html`<nav class="lab-cards" aria-label=${t("lab.labs")}>${labs.slice(0, MOST).map(({ id, title, minutes }) => html`<button type="button" class="lab-card" @click=${() => void this.labs.enter(id)}
      ><b>${title}</b> <small>${t("lab.minutes", { count: minutes })}</small></button>`)}</nav>`;
  }

  /** Have their names, also in the language that is spoken from now on; without names their room is of no use. @override @param {import("../state.js").State} state */
  updated({ offersLabs }) {
    if (offersLabs) this.labs.load().catch(() => this.playground.store.set({ offersLabs: false }));
  }
}

customElements.define("bp-lab-cards", LabCards);

import { html } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";

/** In an embedded page: the way to the same state with everything around it. */
export class FullPage extends StoreElement {
  /** @override */
  template() {
    return html`<a target="_blank" rel="noopener" href=${location.pathname} @pointerdown=${this.aim} @focus=${this.aim} @click=${this.aim}>${t("share.full_page")}</a>`;
  }

  /** The address follows the page, so the link is read when it is about to be used. @param {Event} event */
  aim = (event) => {
    /** @type {HTMLAnchorElement} */ (event.currentTarget).href = location.pathname + location.hash;
  };
}

customElements.define("bp-full-page", FullPage);

import { html } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";

/** Opens layers and table beside the drawing, in place of the explanation. */
export class PanelButton extends StoreElement {
  /** @override @param {import("../state.js").State} state */
  template({ tab }) {
    return html`<button class="panel-open" aria-expanded=${tab !== ""} title=${t("panel.open")} @click=${() => this.playground.inspector.showTab(tab ? "" : "layers")}><span>${t("panel.open")}</span></button>`;
  }
}

customElements.define("bp-panel-button", PanelButton);

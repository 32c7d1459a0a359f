import { html } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";

/** Opens layers and table beside the drawing, in place of the explanation. */
export class PanelButton extends StoreElement {
  /** @override @param {import("../state.js").State} state */
  template({ tab }) {
    return html`<button class="panel-open" aria-expanded=${tab !== ""} title=${t("panel.open")} @click=${this.press}><span>${t("panel.open")}</span></button>`;
  }

  press = () => {
    const isOpening = this.playground.state.tab === "";
    this.playground.inspector.showTab(isOpening ? "layers" : "");
    // On a phone it is in the sheet.
    this.playground.showSheet(isOpening);
  };
}

customElements.define("bp-panel-button", PanelButton);

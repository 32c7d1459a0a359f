import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";

/** Below the drawing: opens the dialog in which somebody's own numbers are checked. */
class OwnNumbers extends StoreElement {
  /** @override */
  static reads = ["status"];

  /** Whether the dialog has come: it stays, with what was typed. */
  hasDialog = false;

  /** @override @param {import("../state.js").State} state */
  template({ status }) {
    return html`<button class="own-open" aria-haspopup="dialog" ?disabled=${status !== "ready"} @click=${this.open}>${t("own.title")}</button>
      ${this.hasDialog ? html`<bp-own-dialog></bp-own-dialog>` : nothing}`;
  }

  open = async () => {
    await import("./bp-own-dialog.js");
    this.hasDialog = true;
    this.update();
    await /** @type {import("./bp-own-dialog.js").OwnDialog} */ (this.querySelector("bp-own-dialog")).open();
  };
}

customElements.define("bp-own-numbers", OwnNumbers);

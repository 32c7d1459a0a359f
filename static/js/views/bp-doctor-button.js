import { html } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";

/** Below the drawing: opens and closes the drawer in which somebody's own numbers are looked at. */
class DoctorButton extends StoreElement {
  /** @override @param {import("../state.js").State} state */
  template({ status, isDoctorOpen }) {
    return html`<button class="doctor-open" aria-expanded=${isDoctorOpen} ?disabled=${status !== "ready"}
      @click=${() => this.playground.showDoctor(!isDoctorOpen)}>${t("doctor.title")}</button>`;
  }
}

customElements.define("bp-doctor-button", DoctorButton);

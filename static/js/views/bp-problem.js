import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";

/** Says calmly what went wrong. The settings drawer says its own problems itself. */
export class ProblemBar extends StoreElement {
  /** @override @param {AbortSignal} signal */
  whileConnected(signal) {
    this.setAttribute("role", "alert");
    // What is fixed to the window stands below the strip.
    this.onResize(signal, () => document.documentElement.style.setProperty("--problem-height", `${this.offsetHeight}px`));
  }

  /** @override @param {import("../state.js").State} state */
  template({ problem, isSettingsOpen }) {
    if (!problem || isSettingsOpen) return nothing;
    return html`<div class="problem-bar">
      <p>${problem}</p>
      <button class="icon" aria-label=${t("problem.dismiss")} @click=${() => this.playground.dismissProblem()}>✕</button>
    </div>`;
  }
}

customElements.define("bp-problem", ProblemBar);

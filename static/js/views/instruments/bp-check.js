import { html, nothing } from "../../vendor/lit.js";
import { StoreElement } from "../../core/element.js";
import { t } from "../../core/i18n.js";
import { isOpen } from "../../lab/stage.js";
import { checkTemplate, Finding } from "./checking.js";

/** A row a tensor: this pass beside what nudging measures. */
class CheckElement extends StoreElement {
  finding = new Finding(this);

  /** @override @param {import("../../state.js").State} state */
  template({ lab }) {
    if (lab?.stage.name !== "check" || !this.labs.lab) return nothing;
    // Where the same is asked about several steps, one answers by the check.
    const isUsable = isOpen(lab) || Boolean(lab.lab.scenes[lab.at]?.ask?.rounds);
    return html`<section class="instrument is-code" aria-label=${t("lab.check.title")}><header><h2>${t("lab.check.title")}</h2></header>
      <div class="code-body" tabindex="0" role="region" aria-label=${t("lab.check.caption")}>${checkTemplate(this.labs.lab.instruments.code, lab, isUsable)}</div></section>`;
  }

  /** @override @param {import("../../state.js").State} state */
  updated({ lab }) {
    this.finding.follow(lab && this.labs.lab ? this.labs.lab.instruments.code.rows : null);
  }
}

customElements.define("bp-check", CheckElement);

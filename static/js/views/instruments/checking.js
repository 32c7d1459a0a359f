import { html, nothing } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { matrixTemplate } from "./matrix.js";

/** @param {import("../../lab/arrays.js").Checked} row */
const rowTemplate = ({ tensor, mine, measured, wrong }) => html`<tr class=${wrong > 0 ? "is-wrong" : "is-right"}>
  <th scope="row"><span class="check-mark"><span class="visually-hidden">${t(wrong > 0 ? "lab.check.differs" : "lab.check.agrees")}:</span></span> <code>${tensor}</code></th>
  <td>${matrixTemplate(mine)}</td><td>${matrixTemplate(measured)}</td></tr>`;

/**
 * A row a tensor: this pass, what nudging measures, and whether they agree.
 * @param {import("../../lab/code.js").Code} code
 * @param {import("../../state.js").LabState} now
 * @param {boolean} isUsable
 */
export function checkTemplate(code, { stage }, isUsable) {
  const { rows } = code;
  const isChecked = rows !== null && stage.checked === stage.trace;
  return html`<div class="check">
    <button type="button" class="primary check-run" ?disabled=${!isUsable} title=${isUsable ? nothing : t("lab.stage.later")} @click=${() => code.check()}>${t("lab.check.run")}</button>
    ${isChecked ? html`<p class="check-verdict" role="status">${t("lab.check.verdict", { count: stage.wrong, total: number(stage.numbers) })}</p>` : nothing}
    ${stage.problem ? html`<p class="form-problem" role="alert">${stage.problem}</p>` : nothing}
    ${isChecked ? html`<table class="check-rows"><caption class="visually-hidden">${t("lab.check.caption")}</caption>
      <thead><tr><td></td><th scope="col">${t("lab.check.mine")}</th><th scope="col">${t("lab.check.measured")}</th></tr></thead>
      <tbody>${rows.map(rowTemplate)}</tbody></table>` : nothing}
  </div>`;
}

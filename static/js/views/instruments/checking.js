import { html, nothing } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { matrixTemplate } from "./matrix.js";

/** @param {import("../../lab/arrays.js").Checked} row */
const rowTemplate = ({ tensor, mine, measured, wrong }) => html`<tr class=${wrong > 0 ? "is-wrong" : "is-right"}>
  <th scope="row"><span class="check-mark"><span class="visually-hidden">${t(wrong > 0 ? "lab.check.differs" : "lab.check.agrees")}:</span></span> <code>${tensor}</code></th>
  <td>${matrixTemplate(mine)}</td><td>${matrixTemplate(measured)}</td></tr>`;

/** What is wrong is in sight, however many rows there are. @param {import("../../lab/code.js").Checked[]} rows */
const wrongFirst = (rows) => rows.toSorted((one, other) => Number(other.wrong > 0) - Number(one.wrong > 0));

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
    ${isChecked ? html`<div class="check-list" tabindex="0" role="region" aria-label=${t("lab.check.caption")}><table class="check-rows"><caption class="visually-hidden">${t("lab.check.caption")}</caption>
      <thead><tr><td></td><th scope="col">${t("lab.check.mine")}</th><th scope="col">${t("lab.check.measured")}</th></tr></thead>
      <tbody>${wrongFirst(rows).map(rowTemplate)}</tbody></table></div>` : nothing}
  </div>`;
}

/** Brings what a check has just found into sight: what is wrong, from its first row on, or else the verdict. */
export class Finding {
  /** @param {Element} host */
  constructor(host) {
    this.host = host;
    /** What was found last. @type {unknown} */
    this.rows = null;
  }

  /** @param {import("../../lab/code.js").Checked[] | null} rows that were found */
  follow(rows) {
    const isNew = rows !== this.rows && this.host.querySelector(".check-rows") !== null;
    if (rows && !isNew) return;
    this.rows = rows;
    if (!rows) return;
    const wrong = [...this.host.querySelectorAll(".check-rows .is-wrong")];
    const seen = wrong.length > 0 ? [wrong[wrong.length - 1], wrong[0]] : this.host.querySelectorAll(".check-verdict");
    for (const one of seen) one.scrollIntoView({ block: "nearest" });
  }
}

import { html } from "../../vendor/lit.js";
import { exactly, number, shown } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { fraction, mn, mo, row } from "../../trace/formula/markup.js";
import { math } from "./math.js";

/** @param {string} label @param {number | null} value @param {string} kind */
const entry = (label, value, kind) => html`<li class=${kind}>
  <span>${label}</span><span title=${value === null ? "" : exactly(value)}>${value === null ? "" : number(value)}</span>
</li>`;

/**
 * The gradients of all samples, their sum and, where the batch takes it, their mean.
 * @param {import("../../trace/explain/average.js").Average} average
 * @param {number} sample the row on show
 * @param {boolean} isKnown whether the result is there at the playhead
 */
export function averageTemplate({ gradients, sum, result, isMean, left, symbols }, sample, isKnown) {
  const m = gradients.length;
  const quotient = fraction(mn(number(sum)), mn(String(m)));
  const sign = shown(isMean ? shown(sum) / m : shown(sum)) === shown(result) ? "=" : "\u2248";
  const outcome = row(mo(sign, { form: "infix" }), { ...mn(number(result)), attributes: { class: "result gradient" } });
  return html`<div class="equation">
      <span class="left">${math(left)}</span>
      <span class="right">${math(row(mo("=", { form: "infix" }), symbols))}</span>
      <span class="right numbers">
        ${isMean ? math(row(mo("=", { form: "infix" }), quotient)) : ""}
        <span class=${isKnown ? "" : "is-pending"}>${math(outcome)}</span>
      </span>
    </div>
    <ul class="samples" aria-label=${t("card.average.caption")}>
      ${gradients.map((gradient) => entry(t("card.sample", { sample: gradient.sample + 1 }), gradient.value, gradient.sample === sample ? "is-shown" : ""))}
      ${entry(t("card.average.sum"), sum, "total")}
      ${isMean ? entry(t("card.average.mean"), isKnown ? result : null, "total mean") : ""}
    </ul>`;
}

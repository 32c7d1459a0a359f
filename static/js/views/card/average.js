import { html } from "../../../vendor/lit-html/lit-html.js";
import { exactly, number, shown } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { fraction, mn, mo, row } from "../../trace/markup.js";
import { math } from "./math.js";

/**
 * The gradients of all samples, their sum and, where the batch takes it, their mean.
 * @param {import("../../trace/average.js").Average} average
 * @param {number} sample the row on show
 * @param {boolean} isKnown whether the result is there at the playhead
 */
export function averageTemplate({ gradients, sum, result, isMean, left, symbols }, sample, isKnown) {
  const m = gradients.length;
  const quotient = fraction(mn(number(sum)), mn(String(m)));
  const sign = shown(shown(sum) / m) === shown(result) ? "=" : "\u2248";
  const outcome = row(mo(sign, { form: "infix" }), { ...mn(number(result)), attributes: { class: "result gradient" } });
  return html`<div class="equation">
      <span class="left">${math(left)}</span>
      <span class="right">${math(row(mo("=", { form: "infix" }), symbols))}</span>
      <span class="right numbers">
        ${isMean ? math(row(mo("=", { form: "infix" }), quotient)) : ""}
        ${isKnown ? math(outcome) : ""}
      </span>
    </div>
    <table class="samples">
      <caption class="visually-hidden">${t("card.average.caption")}</caption>
      <tbody>
        ${gradients.map((gradient) => html`<tr class=${gradient.sample === sample ? "is-shown" : ""}>
          <th scope="row">${t("card.sample", { sample: gradient.sample + 1 })}</th>
          <td title=${exactly(gradient.value)}>${number(gradient.value)}</td>
        </tr>`)}
        <tr class="total">
          <th scope="row">${t("card.average.sum")}</th>
          <td title=${exactly(sum)}>${number(sum)}</td>
        </tr>
        ${isMean
          ? html`<tr class="total">
              <th scope="row">${t("card.average.mean")}</th>
              <td class="gradient" title=${exactly(result)}>${isKnown ? number(result) : ""}</td>
            </tr>`
          : ""}
      </tbody>
    </table>`;
}

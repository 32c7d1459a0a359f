import { html, nothing } from "../../vendor/lit.js";
import { exactly, number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { shapeOf, shapeText } from "../../trace/doctor/network.js";
import { differences } from "../../trace/doctor/parting.js";

/**
 * Every tensor of a case: right, wrong, following from a wrong one, of another shape; and the cells that differ.
 *
 * @typedef {import("../../trace/doctor/paper.js").Judged} Judged
 * @typedef {import("../../trace/doctor/paper.js").Read} Read
 */

/** More wrong cells of one tensor are counted only. */
const MOST = 4;

/**
 * @param {{name: string, tensors: Record<string, Judged>, unread: string[]}} judged
 * @param {Record<string, Read>} own
 * @param {boolean} isOneOfSeveral
 */
export function tensorsTemplate({ name, tensors, unread }, own, isOneOfSeveral) {
  const entries = Object.entries(tensors);
  const sent = entries.filter(([, { status }]) => status !== "missing");
  const lacking = entries.filter(([, { status }]) => status === "missing").map(([tensor]) => tensor);
  return html`<div class="judged">
    ${isOneOfSeveral ? html`<h4>${t("doctor.case", { name: name.replaceAll("_", " ") })}</h4>` : nothing}
    <ol>${sent.map(([tensor, judged]) => html`<li class="tensor is-${judged.status}"><code>${tensor}</code><span class="status">${t(`doctor.status.${judged.status}`)}${ratioText(judged)}</span>
      ${own[tensor] ? detail(tensor, judged, own[tensor]) : nothing}</li>`)}</ol>
    ${lacking.length > 0 ? html`<p class="quiet">${t("doctor.status.missing", { names: lacking.join(", ") })}</p>` : nothing}
    ${unread.length > 0 ? html`<p class="quiet">${t("doctor.unknown_names", { names: unread.join(", ") })}</p>` : nothing}
  </div>`;
}

/** @param {Judged} judged */
const ratioText = ({ status, ratio }) => (status === "wrong" && typeof ratio === "number" ? html` <span class="ratio">${t("doctor.ratio", { ratio: number(ratio) })}</span>` : nothing);

/** @param {string} tensor @param {Judged} judged @param {Read} own */
function detail(tensor, { status, right }, own) {
  if (right === null || status === "right") return nothing;
  if (status === "shape") return html`<p class="quiet">${t("doctor.shapes", { found: shapeText(own.shape), wanted: shapeText(shapeOf(right)) })}</p>`;
  const found = differences(own, right);
  return html`<ul class="cells">${found.slice(0, MOST).map(({ index, own: mine, right: wanted }) => html`<li>
      ${index.length ? html`<code>[${index.join(", ")}]</code>` : nothing}<span class="yours" title=${exactly(mine)}>${number(mine)}</span><span class="wanted" title=${exactly(wanted)}>${t("doctor.is", { right: number(wanted) })}</span></li>`)}
    ${found.length > MOST ? html`<li class="quiet">${t("doctor.more", { count: found.length - MOST })}</li>` : nothing}</ul>`;
}

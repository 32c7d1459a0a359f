import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { exactly, number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { shapeText } from "../../trace/own/tensor.js";

/**
 * The comparison: one line a result, in the order of the computation.
 *
 * @typedef {import("../../trace/own/compare.js").Line} Line
 */

/** More wrong cells of one line are counted only. */
const MOST = 6;

/** @param {Line[]} lines @param {number} m rows of the batch */
export function linesTemplate(lines, m) {
  const first = lines.find(({ verdict }) => verdict === "wrong");
  const later = lines.slice(lines.indexOf(/** @type {Line} */ (first)) + 1);
  const followers = later.filter(({ verdict }) => verdict === "follows").length;
  const isRoot = followers > 0 && later.every(({ verdict }) => verdict !== "wrong");
  const right = lines.filter(({ verdict }) => verdict === "right").length;
  return html`<p class="own-summary">${first ? t("own.first", { name: first.name }) : right === lines.length ? t("own.all_right") : t("own.none_wrong")}
      ${isRoot ? t("own.root", { name: /** @type {Line} */ (first).name }) : nothing}</p>
    <ol class="own-lines">${lines.map((line) => html`<li class="own-line ${line.verdict} ${line === first ? "is-first" : ""}">
      <code>${line.name}</code><span class="own-verdict">${t(`own.${line.verdict}`, { found: shapeText(line.found), wanted: shapeText(line.wanted) })}</span>
      ${line.verdict === "wrong" || line.verdict === "follows" ? differencesTemplate(line) : nothing}
      ${line.turned.length > 0 ? html`<p class="own-hint">${t("own.hint.turned", { count: line.turned.length, names: line.turned.join(", ") })}</p>` : nothing}
      ${line.verdict === "wrong" && line.hint && line.turned.length === 0 ? html`<p class="own-hint">${t(`own.hint.${line.hint}`, { count: m })}</p>` : nothing}
    </li>`)}</ol>`;
}

/** @param {Line} line */
function differencesTemplate({ name, differences }) {
  return html`<ul class="own-differences">
    ${differences.slice(0, MOST).map(({ index, own, right }) => html`<li>
      ${index.length ? html`<code>${name}[${index.join(", ")}]</code>` : nothing}
      <span class="own-yours" title=${exactly(own)}>${number(own)}</span><span class="own-right" title=${exactly(right)}>${t("own.is", { right: number(right) })}</span></li>`)}
    ${differences.length > MOST ? html`<li class="quiet">${t("own.more", { count: differences.length - MOST })}</li>` : nothing}
  </ul>`;
}

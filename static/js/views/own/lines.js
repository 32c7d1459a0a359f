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

/** @param {Line[]} lines */
export function linesTemplate(lines) {
  const first = lines.find(({ verdict }) => verdict === "wrong");
  const later = lines.slice(lines.indexOf(/** @type {Line} */ (first)) + 1);
  const followers = later.filter(({ verdict }) => verdict === "follows").length;
  const isRoot = followers > 0 && later.every(({ verdict }) => verdict !== "wrong");
  const right = lines.filter(({ verdict }) => verdict === "right").length;
  return html`<p class="own-summary">${first ? t("own.first", { name: first.name }) : right === lines.length ? t("own.all_right") : t("own.none_wrong")}
      ${isRoot ? t("own.root", { name: /** @type {Line} */ (first).name }) : nothing}</p>
    <ol class="own-lines">${lines.map((line) => html`<li class="own-line ${line.verdict} ${line === first ? "is-first" : ""}">
      <code>${line.name}</code><span class="own-verdict">${t(line.isRounded ? "own.rounded" : `own.${line.verdict}`, { found: shapeText(line.found), wanted: shapeText(line.wanted) })}</span>
      ${line.verdict === "wrong" || line.verdict === "follows" ? differencesTemplate(line) : nothing}
      ${hintsOf(line).map((hint) => html`<p class="own-hint">${hint}</p>`)}
    </li>`)}</ol>`;
}

/** What kind of mistake it looks like. @param {Line} line @returns {string[]} */
function hintsOf({ name, verdict, hasCommas, turned, factor, isExchanged, unbalanced }) {
  if (hasCommas) return [t("own.hint.commas")];
  if (turned.length > 0) return [t("own.hint.turned", { count: turned.length, names: turned.join(", ") })];
  if (verdict !== "wrong") return [];
  return [
    ...(factor ? factorHints(factor) : []),
    ...(isExchanged ? [t("own.hint.transposed")] : []),
    ...(unbalanced ? [t("own.hint.unbalanced", { name: `${name}[${unbalanced.row}]`, sum: number(unbalanced.sum) })] : []),
  ];
}

/** Every reading of a factor, the others said to be others. @param {import("../../trace/own/factor.js").Factor} factor */
function factorHints({ factor, readings }) {
  const size = Math.abs(factor);
  if (size === 1) return [t("own.hint.sign")];
  const [first, ...others] = readings.map((reading) => t(`own.factor.${reading.name}`, { count: reading.count }));
  const written = size < 1 ? `1/${number(1 / size)}` : number(size);
  return [
    t(factor < 0 ? "own.hint.factor_and_sign" : "own.hint.factor", { factor: written, reading: first }),
    ...others.map((reading) => t("own.hint.another_reading", { reading })),
  ];
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

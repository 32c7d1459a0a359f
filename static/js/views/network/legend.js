import { html, svg } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { written } from "../../core/notation.js";

/**
 * How to read the drawing: the signs of the current phase.
 *
 * @typedef {import("./scene.js").Scene} Scene
 */

/** @param {unknown} drawing */
const sign = (drawing) => svg`<svg viewBox="0 0 28 16" width="28" height="16" aria-hidden="true">${drawing}</svg>`;
/** @param {string} kind */
const edges = (kind) => sign(svg`<path class="edge positive ${kind}" d="M1 4.5h26" stroke-width="3.5"></path><path class="edge negative ${kind}" d="M1 12h26" stroke-width="3.5"></path>`);
/** A tab as it stands on a z. @param {string} kind */
const tab = (kind) => sign(svg`<g class="bias ${kind}"><rect x="1" y="1.5" width="26" height="13" rx="6.5"></rect></g>`);
const cells = (/** @type {string} */ kind) => sign(svg`<rect class="cell-sign positive ${kind}" x="1" y="2" width="12" height="12"></rect><rect class="cell-sign negative ${kind}" x="15" y="2" width="12" height="12"></rect>`);

/** Every sign by name: what is drawn, and the words for it. @type {Record<string, () => unknown>} */
const SIGNS = {
  weight: () => html`${edges("")}${t("legend.weight")}`,
  dW: () => html`${edges("backward")}${written(t("legend.dW"))}`,
  mean_dW: () => html`${edges("backward")}${written(t("legend.mean_dW"))}`,
  weight_cell: () => html`${cells("")}${t("legend.weight")}`,
  dW_cell: () => html`${cells("gradient")}${written(t("legend.dW_cell"))}`,
  gate: () => html`${sign(svg`<g class="gate open"><rect x="0" y="1.5" width="13" height="13" rx="3"></rect></g><g class="gate shut"><rect x="15" y="1.5" width="13" height="13" rx="3"></rect></g>`)}${t("legend.gate")}`,
  gradient: () => html`<span class="gradient-word">${written(t("legend.gradient"))}</span>`,
  gradient_number: () => html`<span class="gradient-word">${t("legend.gradient_number")}</span>`,
  mean_db: () => html`<span class="gradient-word">${written(t("legend.mean_db"))}</span>`,
  mean_db_tab: () => html`${tab("backward")}<span class="gradient-word">${written(t("legend.mean_db"))}</span>`,
  bias: () => html`${tab("positive")}${t("legend.bias")}`,
  update: () => html`${tab("update")}${t("legend.update")}`,
  update_new: () => html`${tab("update")}${t("legend.update_new")}`,
  new_bias: () => html`<b class="new-word">${t("legend.new_bias")}</b>`,
};

/** @param {Scene} scene */
function signsOf({ operation, isLive, program, geometry }) {
  const { isInRows } = geometry;
  const weight = isInRows ? "weight_cell" : "weight";
  const bias = program.with("b").length > 0;
  const segment = isLive ? "forward" : operation.segment;
  const hasTabs = bias && geometry.hasTabs && !isInRows;
  const isFull = geometry.detail === "full" && !isInRows;
  if (segment === "backward") return [isFull ? "gradient" : "gradient_number", isInRows ? "dW_cell" : "dW", "gate", weight];
  if (segment === "average") return [...(bias ? [hasTabs ? "mean_db_tab" : "mean_db"] : []), isInRows ? "dW_cell" : "mean_dW"];
  if (segment === "update") return [hasTabs ? (isFull ? "update" : "update_new") : bias ? "new_bias" : "update", weight];
  return [weight, "gate", ...(hasTabs ? ["bias"] : [])];
}

/** @param {Scene} scene */
export function legendTemplate(scene) {
  return html`<ul class="drawing-legend" aria-label=${t("legend.label")}>${signsOf(scene).map((name) => html`<li>${SIGNS[name]()}</li>`)}</ul>`;
}

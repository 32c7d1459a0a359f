import { html, svg } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { written } from "../../core/notation.js";
import { reductionOf } from "../../trace/program/outcome.js";
import { edgeLabels } from "./edge-labels.js";
import { fateOfGate, fateTemplate } from "./gates.js";
import { pictureOf } from "./unit-pictures.js";

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

/** Words, and fewer where there is less room. @param {unknown} words @param {unknown} few */
const inShort = (words, few) => html`<span class="long">${words}</span><span class="short">${few}</span>`;

/** Every sign by name: what is drawn, and the words for it. @type {Record<string, () => unknown>} */
const SIGNS = {
  weight: () => html`${edges("")}${t("legend.weight")}`,
  dW: () => html`${edges("backward")}${inShort(written(t("legend.dW")), written(t("legend.dW_cell")))}`,
  mean_dW: () => html`${edges("backward")}${inShort(written(t("legend.mean_dW")), written(t("legend.mean_dW_few")))}`,
  sum_dW: () => html`${edges("backward")}${inShort(written(t("legend.sum_dW")), written(t("legend.sum_dW_few")))}`,
  mean_dW_cell: () => html`${cells("gradient")}${written(t("legend.mean_dW"))}`,
  sum_dW_cell: () => html`${cells("gradient")}${written(t("legend.sum_dW"))}`,
  weight_cell: () => html`${cells("")}${t("legend.weight")}`,
  dW_cell: () => html`${cells("gradient")}${written(t("legend.dW_cell"))}`,
  gate: () => html`${sign(svg`<g class="gate open"><rect x="0" y="1.5" width="13" height="13" rx="3"></rect></g><g class="gate shut"><rect x="15" y="1.5" width="13" height="13" rx="3"></rect></g>`)}${inShort(t("legend.gate"), t("legend.gate_few"))}`,
  gradient: () => html`<span class="gradient-word">${inShort(written(t("legend.gradient")), written(t("legend.gradient_few")))}</span>`,
  mean_db: () => html`<span class="gradient-word">${inShort(written(t("legend.mean_db")), written(t("legend.mean_db_few")))}</span>`,
  mean_db_tab: () => html`${tab("backward")}<span class="gradient-word">${inShort(written(t("legend.mean_db")), written(t("legend.mean_db_few")))}</span>`,
  sum_db: () => html`<span class="gradient-word">${inShort(written(t("legend.sum_db")), written(t("legend.sum_db_few")))}</span>`,
  sum_db_tab: () => html`${tab("backward")}<span class="gradient-word">${inShort(written(t("legend.sum_db")), written(t("legend.sum_db_few")))}</span>`,
  bias: () => html`${tab("positive")}${t("legend.bias")}`,
  bias_tint: () => html`${sign(svg`<circle class="bias-tint positive" cx="8" cy="8" r="3"></circle><circle class="bias-tint negative" cx="20" cy="8" r="3"></circle>`)}${t("legend.bias")}`,
  update: () => html`${tab("update")}${t("legend.update")}`,
  update_new: () => html`${tab("update")}${t("legend.update_new")}`,
  new_weight: () => html`<b class="new-word">${t("legend.new_weight")}</b>`,
  new_bias: () => html`<b class="new-word">${t("legend.new_bias")}</b>`,
  off: () => html`${sign(svg`<g class="gate shut fate-off" transform="translate(14 8)"><rect x="-6.5" y="-6.5" width="13" height="13" rx="3"></rect>${fateTemplate("off", 6.5)}</g>`)}${t("gates.off")}`,
  dead: () => html`${sign(svg`<g class="gate shut fate-dead"><rect x="7.5" y="1.5" width="13" height="13" rx="3"></rect></g>`)}${inShort(t("gates.dead"), t("legend.dead"))}`,
  picture: () => html`${sign(svg`<g class="picture-sign"><rect x="7" y="1" width="14" height="14" rx="2.5"></rect><path d="M7 12L21 3V12.5A2.5 2.5 0 0 1 18.5 15H9.5A2.5 2.5 0 0 1 7 12.5Z"></path></g>`)}${inShort(t("legend.picture"), t("legend.picture_few"))}`,
};

/** What else the gates on show tell, and the pictures of their units. @param {Scene} scene */
function signsOfGates(scene) {
  const { program, depth } = scene;
  const layers = Array.from({ length: depth - 1 }, (_, below) => below + 1);
  const hidden = layers.flatMap((layer) => Array.from({ length: program.units(layer) }, (_, unit) => ({ layer, unit })));
  const fates = new Set(hidden.map(({ layer, unit }) => fateOfGate(scene, layer, unit, scene.role("mask", layer, [unit]))));
  const hasPictures = layers.some((layer) => pictureOf(scene, layer, 0));
  return { fates: ["dead", "off"].filter((fate) => fates.has(/** @type {"off"} */ (fate))), picture: hasPictures ? ["picture"] : [] };
}

/** The role of the parameter that an operation of the update changes. @param {Scene} scene @param {import("../../trace/program/timeline.js").Operation} operation */
const rootRole = ({ program }, { output }) => program.tensor(program.root(output)).role;

/** Whether a bias has been changed, or is being changed. @param {Scene} scene */
const hasMovedBias = (scene) => scene.timeline.operations.slice(0, scene.state.operation + 1).some((operation) => operation.segment === "update" && rootRole(scene, operation) === "b");

/** Whether more of the batch's means follow: their edges still show weights. @param {Scene} scene */
const isBeforeMore = ({ timeline, state }) => timeline.operations[state.operation + 1]?.segment === "average";

/** As many of these as there is room for are seen, from the first one. @param {Scene} scene */
function signsOf(scene) {
  const { operation, isLive, program, geometry } = scene;
  const { isInRows } = geometry;
  const weight = isInRows ? "weight_cell" : "weight";
  const bias = program.with("b").length > 0;
  const segment = isLive ? "forward" : operation.segment;
  const hasTabs = bias && scene.hasTabs && !isInRows;
  const isFull = geometry.detail === "full" && !isInRows;
  const reduction = reductionOf(scene.state);
  const { fates, picture } = signsOfGates(scene);
  if (segment === "average") return [...(bias ? [`${reduction}_db${hasTabs ? "_tab" : ""}`] : []), `${reduction}_dW${isInRows ? "_cell" : ""}`, ...(!isInRows && isBeforeMore(scene) ? [weight] : []), ...picture];
  if (segment === "update") {
    const newBias = hasTabs ? (isFull ? "update" : "update_new") : "new_bias";
    const oldBias = isInRows ? [] : [hasTabs ? "bias" : "bias_tint"];
    const biases = hasMovedBias(scene) ? [newBias] : bias ? oldBias : [];
    return [...(rootRole(scene, operation) === "W" ? ["new_weight"] : []), ...biases, weight, ...picture];
  }
  if (segment === "backward") return ["gradient", isInRows ? "dW_cell" : "dW", weight, "gate", ...fates, ...picture];
  return [weight, "gate", ...fates, ...(bias && !isInRows ? [hasTabs ? "bias" : "bias_tint"] : []), ...picture];
}

/** What the edges are: where not all of their numbers have room, a press brings one. */
const OF_EDGES = ["weight", "dW", "mean_dW", "sum_dW"];

/** From so many signs on they are told in few words where the drawing is not wide. */
const MANY = 5;

/** @param {Scene} scene */
export function legendTemplate(scene) {
  const names = signsOf(scene);
  const ofEdges = !scene.geometry.isInRows && edgeLabels(scene).isShort ? names.find((name) => OF_EDGES.includes(name)) : undefined;
  return html`<ul class="drawing-legend ${names.length >= MANY || ofEdges ? "is-many" : ""}" aria-label=${t("legend.label")}>${names.map((name) => html`<li>${SIGNS[name]()}${name === ofEdges ? html` <span class="press">${t("legend.press")}</span>` : ""}</li>`)}</ul>`;
}

import { html } from "../vendor/lit.js";
import { t } from "../core/i18n.js";

/**
 * The step that is kept to compare others with, if it is one of the run on show: the updates that were done before it.
 * @param {import("../state.js").State} state
 */
export const keptUpdate = ({ compared, session }) => (compared && compared.session === session?.id ? compared.update : null);

/**
 * Keeps the step on show, or lets go of the kept one.
 * @param {import("../playground.js").Playground} playground
 * @param {number} update
 */
export function keepTemplate(playground, update) {
  const kept = keptUpdate(playground.state);
  if (kept === null) return html`<button class="keep" @click=${() => playground.inspector.compareWith(update)}>${t("compare.keep")}</button>`;
  return html`<button class="keep" @click=${() => playground.inspector.compareWith(null)}>${t("compare.drop")}</button>`;
}

/**
 * The curve, or both steps in numbers.
 * @param {"curve" | "numbers"} view
 * @param {(view: "curve" | "numbers") => void} show
 */
export const viewTemplate = (view, show) => html`<span class="choice" role="group" aria-label=${t("compare.view")}>
  ${/** @type {const} */ (["curve", "numbers"]).map((name) => html`<button aria-pressed=${name === view} @click=${() => show(name)}>${t(`compare.view.${name}`)}</button>`)}
</span>`;

import { html, nothing } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { has, nameOf, t } from "../../core/i18n.js";
import { partsTemplate } from "./parts.js";

/** What a chip says: its words, a number, or the name of an activation. @param {string} id @param {import("../../lab/asking.js").Words} words */
const chipName = (id, words) => words.switch[id] ?? (has(`activation.${id}`) ? nameOf("activation", id) : Number.isNaN(Number(id)) ? id : number(Number(id)));

/**
 * The chips of a scene: each begins its run again with another value. What has come of each stands behind them all, so that none moves under the hand.
 * @param {import("../../state.js").LabState} now
 * @param {import("../../lab/lab.js").Lab} lab
 */
export function chipsTemplate(now, lab) {
  return html`<div class="lab-answers" role="group" aria-label=${t("lab.answers")}>
    ${lab.scene.switch.map(({ id }) => html`<button type="button" class="lab-chip" aria-pressed=${id === now.chip} @click=${() => lab.press(id)}>${chipName(id, lab.words)}</button>`)}${partsTemplate(now)}</div>
    ${trainedTemplate(now, lab)}`;
}

/** What training with each chip has come to. @param {import("../../state.js").LabState} now @param {import("../../lab/lab.js").Lab} lab */
export function trainedTemplate({ trained }, { scene, words }) {
  const results = [{ id: "" }, ...scene.switch].filter(({ id }) => trained[id]);
  if (results.length === 0) return nothing;
  const steps = new Set(results.map(({ id }) => trained[id].step));
  // What is the same of all is said once.
  if (results.length > 1 && steps.size === 1)
    return html`<ul class="lab-trained"><li>${t("lab.trained_all", { step: number([...steps][0]) })}</li>${results.map(({ id }) => html`<li><b>${chipName(id, words)}</b> ${number(trained[id].loss)}</li>`)}</ul>`;
  return html`<ul class="lab-trained">${results.map(({ id }) => {
    const { step, loss } = trained[id];
    return html`<li>${id && html`<b>${chipName(id, words)}</b> `}${t("lab.trained", { step: number(step), loss: number(loss) })}</li>`;
  })}</ul>`;
}

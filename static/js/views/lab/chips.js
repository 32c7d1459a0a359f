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
  const { chip, trained } = now;
  const results = lab.scene.switch.filter(({ id }) => trained[id]);
  return html`<div class="lab-answers" role="group" aria-label=${t("lab.answers")}>
    ${lab.scene.switch.map(({ id }) => html`<button type="button" class="lab-chip" aria-pressed=${id === chip} @click=${() => lab.press(id)}>${chipName(id, lab.words)}</button>`)}${partsTemplate(now)}</div>
    ${results.length > 0 ? html`<ul class="lab-trained">${results.map(({ id }) => trainedTemplate(chipName(id, lab.words), trained[id]))}</ul>` : nothing}`;
}

/** What training with a chip has come to. @param {string} name @param {{step: number, loss: number}} trained */
const trainedTemplate = (name, { step, loss }) => html`<li><b>${name}</b> ${t("lab.trained", { step: number(step), loss: number(loss) })}</li>`;

import { html, nothing } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { has, nameOf, t } from "../../core/i18n.js";
import { partsTemplate } from "./parts.js";

/** What a chip says: its words, a number, or the name of an activation. @param {string} id @param {import("../../lab/asking.js").Words} words */
const chipName = (id, words) => words.switch[id] ?? (has(`activation.${id}`) ? nameOf("activation", id) : Number.isNaN(Number(id)) ? id : number(Number(id)));

/**
 * The chips of a scene: each begins its run again with another value.
 * @param {import("../../state.js").LabState} now
 * @param {import("../../lab/lab.js").Lab} lab
 */
export function chipsTemplate(now, lab) {
  const { chip, trained } = now;
  return html`<div class="lab-answers" role="group" aria-label=${t("lab.answers")}>
    ${lab.scene.switch.map(({ id }) => html`<button type="button" class="lab-chip" aria-pressed=${id === chip} @click=${() => lab.press(id)}>${chipName(id, lab.words)}${trained[id] ? trainedTemplate(trained[id]) : nothing}</button>`)}${partsTemplate(now)}</div>`;
}

/** What training with a chip has come to. @param {{step: number, loss: number}} trained */
const trainedTemplate = ({ step, loss }) => html` <small>${t("lab.trained", { step: number(step), loss: number(loss) })}</small>`;

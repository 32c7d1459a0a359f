import { html, nothing } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { stylesheet } from "../../core/stylesheet.js";

await Promise.all([stylesheet("css/share-menu.css"), stylesheet("css/labs.css")]);

/**
 * All labs, each with its question, and how far somebody has come.
 * @param {readonly import("../../state.js").LabName[]} labs
 * @param {import("../../lab/progress.js").Progress} progress
 * @param {(id: string, scene?: string | null) => void} enter
 */
export const menuTemplate = (labs, progress, enter) => html`
  <p class="quiet">${t("lab.about")}</p>
  <ul class="labs-list">${labs.map((lab) => html`<li><button type="button" class="labs-row" @click=${() => enter(lab.id)}>
    <b>${lab.title}</b><span class="labs-question">${lab.question}</span>
    <small>${t("lab.minutes", { count: lab.minutes })}${placeIn(lab, progress[lab.id])}</small></button></li>`)}</ul>`;

/** @param {import("../../state.js").LabName} lab @param {import("../../lab/progress.js").Progress[string] | undefined} known */
function placeIn({ scenes }, known) {
  if (known?.isDone) return html` · <span class="labs-done">${t("lab.done")}</span>`;
  return known && known.done.length > 0 ? html` · ${number(known.done.length)} / ${number(scenes)}` : nothing;
}

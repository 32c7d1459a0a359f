import { html, live, nothing } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";

/**
 * The scenes to choose from, where each is a question of its own; nothing elsewhere.
 * @param {import("../../state.js").LabState} now
 * @param {(at: number) => void} choose
 */
export function listTemplate({ lab: { scenes, words }, at, done }, choose) {
  const titles = scenes.map(({ id }) => words.scenes[id]?.title);
  if (!titles.every(Boolean)) return nothing;
  return html`<select class="lab-list" aria-label=${t("lab.choose_question")} @change=${(/** @type {any} */ event) => choose(event.target.selectedIndex - 1)}>
    <option hidden .selected=${live(at >= scenes.length)}>${t("lab.choose_question")}</option>
    ${titles.map((title, place) => html`<option .selected=${live(place === at)}>${number(place + 1)}. ${title}${done.includes(scenes[place].id) ? " \u2713" : ""}</option>`)}</select>`;
}

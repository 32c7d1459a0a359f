import { html, nothing } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { linked } from "../../lab/linked.js";
import { unbroken } from "../../lab/words.js";

/**
 * After the last scene: what one can say now, and what was not settled.
 * @param {import("../../state.js").LabState} now
 * @param {(to: string) => void} follow where words lead
 */
export const endTemplate = ({ lab: { words } }, follow) => html`<h2 class="lab-text" tabindex="-1">${words.say.length > 0 ? t("lab.say") : words.title}</h2>
    <div class="lab-say">
      <ul>${words.say.map((text) => html`<li>${unbroken(text)}</li>`)}</ul>
      ${words.limit ? html`<p class="quiet"><b>${t("lab.limit")}</b> ${linked(unbroken(words.limit)).map(({ text, to }) => (to === null ? text : html`<button type="button" class="lab-lead" @click=${() => follow(to)}>${text}</button>`))}</p>` : nothing}
    </div>
`;

/**
 * Where to go after the last scene: the next lab, or free play.
 * @param {import("../../state.js").State} state
 * @param {import("../../labs.js").Labs} labs
 */
export function onwardTemplate({ labs: all, lab }, labs) {
  const next = all?.find(({ id }) => id === lab?.lab.next);
  return html`<button type="button" class="lab-free" @click=${() => labs.leave()}>${t("lab.free")}</button>
    ${next ? html`<button type="button" class="lab-next primary" title=${next.title} @click=${() => labs.enter(next.id, "1")}>${t("lab.next")}</button>` : nothing}`;
}

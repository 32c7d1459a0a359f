import { html, nothing } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { trainedTemplate } from "./chips.js";
import { spelled } from "./spelled.js";
import { marked } from "./verdicts.js";

/**
 * In the place of the answers, when one is told what it was about: the chosen and the right one, and what training has come to.
 * @param {import("../../state.js").LabState} now
 * @param {import("../../lab/lab.js").Lab} lab
 * @param {(text: string) => string} fill
 */
export function answeredTemplate(now, lab, fill) {
  const { scene, words, ask } = lab;
  const { given, is_right: isRight } = now.answer;
  const right = ask?.rounds?.[now.round].right ?? ask?.right;
  const said = (/** @type {any} */ answer) => fill(spelled(ask, answer, words));
  const isOfTheGiven = now.told !== null && now.told === given;
  return ask
    ? html`<div class="lab-answers" role="group" aria-label=${t("lab.answers")}>
        ${given === undefined ? nothing : html`<button type="button" class="lab-chip ${isRight ? "is-right" : "is-wrong"}" aria-pressed=${isOfTheGiven} @click=${() => lab.hear(given)}>${t("lab.you_said", { answer: ask.kind === "numbers" ? marked(ask, given) : said(given) })}</button>`}
        ${isRight ? nothing : html`<button type="button" class="lab-chip is-right" aria-pressed=${!isOfTheGiven} @click=${() => lab.hear(null)}>${t("lab.right_is", { answer: said(right) })}</button>`}
        ${scene.another?.cases.length ? html`<button type="button" class="lab-chip lab-another" @click=${() => lab.hunt()}>${t("lab.another")}</button>` : nothing}${trainedTemplate(now, lab)}</div>`
    : nothing;
}

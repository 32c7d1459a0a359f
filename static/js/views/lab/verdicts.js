import { html, nothing } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { mistakesIn } from "../../lab/asking.js";
import { nameOf } from "./spelled.js";

/** Typed numbers in a row, a mark behind each. @param {import("../../lab/asking.js").Ask} ask @param {any} given @returns {string} */
export function marked(ask, given) {
  const wrong = mistakesIn(ask, given);
  return given.map((/** @type {number} */ value, /** @type {number} */ at) => `${number(value)}\u00a0${wrong.includes(ask.options?.[at]) ? "\u2715" : "\u2713"}`).join("  ");
}

/**
 * Of several typed numbers each with its verdict.
 * @param {import("../../state.js").LabState} now
 * @param {import("../../lab/lab.js").Lab} lab
 * @param {(text: string) => string} fill
 */
export function verdictsTemplate({ answer: { given } }, { scene: { ask }, words }, fill) {
  if (ask?.kind !== "numbers" || !Array.isArray(given)) return nothing;
  const wrong = mistakesIn(ask, given);
  return html`<ul class="lab-verdicts">${ask.options?.map((id, at) => {
    const isRight = !wrong.includes(id);
    return html`<li class=${isRight ? "is-right" : "is-wrong"}>${fill(nameOf(id, words))}: <b>${number(Number(given[at]))}</b>
      <span class="visually-hidden">${t(isRight ? "lab.verdict.right" : "lab.verdict.wrong")}</span></li>`;
  })}</ul>`;
}

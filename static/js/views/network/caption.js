import { html } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";

/** How many steps are offered after the first. */
const STEPS = 100;

/**
 * The caption of the guided first play; the one of the opening, which nobody asked for, is not read aloud.
 * @param {import("../../state.js").State} state
 * @param {import("../../playground.js").Playground} playground
 */
export function captionTemplate(state, playground) {
  const { caption, isGuided } = state;
  return html`<p class="caption" ?hidden=${!caption} aria-live=${isGuided ? "polite" : "off"}>${caption ? t(caption.text, caption.values) : ""}</p>
    <div class="payoff" role="status">${hasOutcome(state) ? outcomeTemplate(state, playground) : ""}</div>`;
}

/** Whether it is told what has come of a step. @param {import("../../state.js").State} state */
function hasOutcome({ outcome, timeline, operation, isPlaying, isTraining }) {
  return outcome !== null && !isPlaying && !isTraining && timeline?.operations[operation].segment === "loss";
}

/** @param {import("../../state.js").State} state @param {import("../../playground.js").Playground} playground */
function outcomeTemplate({ outcome, session, isPresenting }, { player, training }) {
  const { before, after } = /** @type {NonNullable<import("../../state.js").State["outcome"]>} */ (outcome);
  return html`<p>${t(session?.model.reduction === "sum" ? "payoff.sum" : "payoff.mean", { before: number(before), after: number(after) })}</p>
    ${isPresenting ? "" : html`<button @click=${() => player.toggle()}>${t("payoff.more")}</button>
      <button @click=${() => training.start(STEPS)}>${t("transport.train", { steps: number(STEPS) })}</button>`}`;
}

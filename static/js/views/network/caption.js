import { html } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { labsDoorTemplate } from "../lab-door.js";

/** How many steps are offered after the first. */
const STEPS = 100;

/**
 * The caption of the guided first play; the one of the opening, which nobody asked for, is not read aloud.
 * @param {import("../../state.js").State} state
 * @param {import("../../playground.js").Playground} playground
 */
export function captionTemplate(state, playground) {
  const { caption, isGuided, isOpening } = state;
  return html`<p class="caption ${isOpening ? "is-near" : ""}" ?hidden=${!caption} aria-live=${isGuided ? "polite" : "off"}>${caption ? t(caption.text, caption.values) : ""}</p>
    <div class="payoff" role="status">${hasOutcome(state) ? outcomeTemplate(state, playground) : ""}</div>`;
}

/** Whether it is told what has come of a step. @param {import("../../state.js").State} state */
function hasOutcome({ outcome, sameBatch, timeline, operation, isPlaying, isTraining }) {
  const segment = timeline?.operations[operation].segment;
  return !isPlaying && !isTraining && ((outcome !== null && segment === "loss") || (sameBatch !== null && segment === "update"));
}

/** What the loss was and is, and of what: of all samples, or of those of the batch that made the update. @param {import("../../state.js").State} state */
function outcomeText({ outcome, sameBatch, session, batch }) {
  const kind = session?.model.reduction === "sum" ? "sum" : "mean";
  const { before, after } = /** @type {NonNullable<import("../../state.js").State["outcome"]>} */ (outcome ?? sameBatch);
  const values = { before: number(before), after: number(after) };
  return outcome ? t(`payoff.${kind}`, values) : t(`payoff.same.${kind}`, { ...values, count: batch?.m ?? 0, m: number(batch?.m ?? 0) });
}

/** @param {import("../../state.js").State} state @param {import("../../playground.js").Playground} playground */
function outcomeTemplate(state, { player, training }) {
  return html`<p>${outcomeText(state)}</p>
    ${state.isPresenting ? "" : html`<button @click=${() => player.toggle()}>${t("payoff.more")}</button>
      <button @click=${() => training.start(STEPS)}>${t("transport.train", { steps: number(STEPS) })}</button>`}
    ${labsDoorTemplate(state)}`;
}

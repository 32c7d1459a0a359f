import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { withFields } from "../core/store.js";
import { exactly, number } from "../core/format.js";
import { t } from "../core/i18n.js";
import { answerOf, CHOICES } from "../trace/ask/predict.js";
import { subjectOf } from "../trace/explain/subject.js";
import { where } from "../trace/explain/words.js";
import "./bp-number.js";
import { questionTemplate } from "./card/question.js";

/** Signs say it without words. @type {Record<string, string>} */
const FACES = { positive: "+", negative: "\u2212", zero: "0" };

/** Below the drawing: whether one wants to be asked first, the question, and a quiet score. */
class Predict extends StoreElement {
  onKey = (/** @type {KeyboardEvent} */ event) => this.key(event);
  /** What had the focus before a number was asked for. @type {HTMLElement | null} */
  returnTo = null;

  /** @override @param {AbortSignal} signal */
  whileConnected(signal) {
    document.addEventListener("keydown", this.onKey, { signal });
  }

  /** @override @param {import("../state.js").State} state */
  template(state) {
    const { isPredicting, question, score } = state;
    return html`<button class="predict-switch" role="switch" aria-checked=${isPredicting} @click=${() => this.playground.inspector.predicting.turn(!isPredicting)}
        ><span class="knob" aria-hidden="true"></span><span class="words">${t("predict.switch")}</span></button>
      ${question ? this.question(state, question) : nothing}
      ${isPredicting && !question && !score.last ? html`<p class="quiet predict-hint">${t("predict.hint")}</p>` : nothing}
      <p class="predict-score" role="status">${isPredicting && !question && score.last ? verdict(score.last) : nothing}
        ${score.asked > 0 ? html`<span class="quiet">${t("predict.score", { right: number(score.right), count: number(score.asked) })}</span>` : nothing}</p>`;
  }

  /** @param {import("../state.js").State} state @param {import("../trace/ask/predict.js").Question} question */
  question(state, question) {
    const subject = subjectOf(withFields(state, { focus: question.cell }), null);
    if (!subject) return nothing;
    return html`<div class="question" role="group" aria-label=${where(state, subject).slice(1).join(" · ")}>
      <p class="ask" id="predict-ask">${questionTemplate(question, subject)}</p>
      ${question.kind === "number"
        ? html`<form @submit=${this.onSubmit}><bp-number class="predict-number" .field=${{ labelledBy: "predict-ask", value: null, of: JSON.stringify([question.operation, question.cell, question.sample]) }}></bp-number>
            <button type="submit">${t("predict.see")}</button></form>`
        : CHOICES[question.kind].map((choice, place) => html`<button class="predict-choice" aria-keyshortcuts=${place + 1} title=${t("predict.key", { key: place + 1 })}
            aria-label=${t(`predict.${choice}`)} @click=${() => this.playground.inspector.predicting.answer(choice)}>${FACES[choice] ?? t(`predict.${choice}`)}</button>`)}
      <button class="predict-skip" title=${t("predict.skip")} @click=${() => this.playground.inspector.predicting.skip()}><span>${t("predict.skip")}</span></button>
    </div>`;
  }

  /** @override @param {import("../state.js").State} state */
  updated({ question }) {
    const field = /** @type {HTMLInputElement | null} */ (this.querySelector(".predict-number input"));
    if (field && this.asked !== question) {
      this.returnTo = /** @type {HTMLElement | null} */ (document.activeElement);
      field.focus();
    }
    if (!question && this.asked && this.returnTo?.isConnected && document.activeElement === document.body) this.returnTo.focus();
    this.asked = question;
  }

  /** @type {import("../trace/ask/predict.js").Question | null} */
  asked = null;

  /** @param {KeyboardEvent} event */
  key(event) {
    const { question } = this.playground.state;
    const target = /** @type {HTMLElement} */ (event.target);
    if (!question || event.ctrlKey || event.metaKey || event.altKey || target.closest("dialog")) return;
    if (event.key === "Escape") return this.playground.inspector.predicting.skip();
    if (target.closest("input, select, textarea")) return;
    const choice = CHOICES[question.kind][Number(event.key) - 1];
    if (choice) this.playground.inspector.predicting.answer(choice);
  }

  onSubmit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (this.querySelector(".predict-number input"));
    this.playground.inspector.predicting.answer(field.value);
  };
}

/** What it was. @param {import("../trace/ask/predict.js").Verdict} verdict */
function verdict({ isRight, kind, value, given }) {
  const answer = kind === "gate" ? t(`predict.${answerOf({ kind, value })}`) : number(value);
  return html`<span class="predict-verdict ${isRight ? "is-right" : "is-wrong"}" title=${exactly(value)}
    >${t(isRight ? "predict.right" : "predict.wrong", { answer, given: kind === "number" ? given : t(`predict.${given}`) })}</span>`;
}

customElements.define("bp-predict", Predict);

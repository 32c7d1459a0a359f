import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";
import { stylesheet } from "../core/stylesheet.js";
import { onPresenterKey, stopPresenting } from "../presenting.js";
import { explain } from "../trace/explain/explain.js";
import { told, where } from "../trace/explain/words.js";
import { questionTemplate } from "./card/question.js";

await Promise.all([stylesheet("css/present.css"), stylesheet("css/present-lab.css")]);

const STEPS = [["earlier", "ArrowLeft", "\u25c2"], ["later", "ArrowRight", "\u25b8"]];

/** In front of a class: says what the operation in play does, and makes every key a step. */
export class Present extends StoreElement {
  /** Whether the keys were used: then they need no longer be told. */
  isKnown = false;

  /** @override @param {AbortSignal} signal */
  whileConnected(signal) {
    // Before the keys of the page itself.
    document.addEventListener("keydown", this.onKey, { capture: true, signal });
    document.addEventListener("fullscreenchange", this.onFullscreen, { signal });
  }

  /** @override @param {import("../state.js").State} state */
  template(state) {
    if (!state.isPresenting) return nothing;
    if (state.isBlank) return html`<div class="present-blank" role="img" aria-label=${t("present.blank")}></div>`;
    const keys = this.isKnown ? nothing : html`<span class="keys">${t(state.lab ? "lab.present_keys" : "present.keys")}</span>`;
    return html`
      ${state.lab ? html`<p class="present-keys">${keys}</p>` : html`<p class="present-caption">${this.caption(state)}${keys}</p>${this.steps()}`}
      <button class="icon present-leave" aria-label=${t("present.leave")} title=${t("present.leave")} @click=${() => stopPresenting(this.playground)}>✕</button>
    `;
  }

  /** What keys do elsewhere, for fingers. */
  steps() {
    return STEPS.map(([name, key, sign]) => html`<button class="present-step is-${name}" aria-label=${t(`transport.${name}`)} @click=${() => onPresenterKey(this.playground, key)?.()}>${sign}</button>`);
  }

  /** @param {import("../state.js").State} state */
  caption(state) {
    const explanation = explain(state, null);
    if (!explanation) return "";
    const { subject } = explanation;
    const { question } = state;
    const place = html`<span class="where">${where(state, subject).join("\u00a0\u00b7 ")}</span>`;
    if (question) return html`${place}${questionTemplate(question, subject)}`;
    // What the sentence says would be the answer.
    return state.areNumbersHidden ? place : html`${place}${told(state, explanation)}`;
  }

  /** @override @param {import("../state.js").State} state */
  updated({ isPresenting, areNumbersHidden }) {
    document.documentElement.toggleAttribute("data-present", isPresenting);
    document.documentElement.toggleAttribute("data-numbers-hidden", isPresenting && areNumbersHidden);
    if (!isPresenting && document.fullscreenElement) void document.exitFullscreen();
  }

  onKey = (/** @type {KeyboardEvent} */ event) => {
    if (!this.playground.state.isPresenting || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {Element} */ (event.target);
    const action = onPresenterKey(this.playground, event.key, this.labs.lab);
    if (!action || target.closest?.("input, select") || (event.key === "Enter" && target.closest?.("button, [role=button]"))) return;
    event.preventDefault();
    event.stopPropagation();
    this.isKnown = true;
    action();
    this.update();
  };

  /** In full screen the browser keeps Escape to itself. */
  onFullscreen = () => {
    if (!document.fullscreenElement && this.playground.state.isPresenting) stopPresenting(this.playground);
  };
}

customElements.define("bp-present", Present);

import { html, repeat } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { currentLanguage, t } from "../core/i18n.js";
import { currentNotation } from "../core/notation.js";
import { narration } from "../trace/explain/narration.js";

/** Sentences that are kept to be read again. */
const KEPT = 60;

/** Tells a screen reader what each micro-step did: one polite sentence, once its numbers are there. */
export class Narrator extends StoreElement {
  /** @override */
  static mayFollow = true;

  /** @type {{id: number, text: string}[]} */
  said = [];
  count = 0;
  /** What the last sentence was about. */
  at = "";

  /** @override @param {import("../state.js").State} state */
  template(state) {
    const text = this.sentence(state);
    if (text && text !== this.said.at(-1)?.text) this.said = [...this.said.slice(1 - KEPT), { id: this.count++, text }];
    return html`<div class="visually-hidden" role="log" aria-live="polite" aria-relevant="additions" aria-label=${t("narrator.label")}>
      ${repeat(this.said, ({ id }) => id, (one) => html`<p>${one.text}</p>`)}
    </div>`;
  }

  /** The next sentence; "" where there is nothing new to say. @param {import("../state.js").State} state */
  sentence(state) {
    const operation = state.timeline?.operations[state.operation];
    if (state.status !== "ready" || !state.timeline || !operation || state.live || state.isTraining || state.isOpening || state.lab?.isSpeaking) return "";
    const { units, motion } = operation;
    const isByUnit = state.timeline.granularity === "neuron" && motion > 0;
    const isThere = isByUnit ? state.arrived > 0 : state.arrived >= units;
    const at = [state.session?.id, state.batch?.header.step, state.operation, isByUnit ? state.arrived : "", state.sample, state.focus?.tensor, state.focus?.index, state.lab?.concealed.length ?? 0, currentLanguage(), currentNotation()].join();
    if (!isThere || at === this.at) return "";
    this.at = at;
    return narration(state);
  }
}

customElements.define("bp-narrator", Narrator);

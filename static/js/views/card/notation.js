import { html } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { currentNotation, NOTATIONS } from "../../core/notation.js";

/** What each notation makes of a gradient. */
const SAMPLES = { code: "dW", textbook: "\u2202L/\u2202W" };

/** Chooses how gradients and arrays are written. @param {import("../../playground.js").Playground} playground */
export const notationTemplate = (playground) => html`<div class="notation" role="group" aria-label=${t("notation.label")}>
  ${NOTATIONS.map((name) => html`<button aria-pressed=${name === currentNotation()} title=${t(`notation.${name}`)} aria-label=${t(`notation.${name}`)}
    @click=${() => playground.setNotation(name)}>${SAMPLES[name]}</button>`)}
</div>`;

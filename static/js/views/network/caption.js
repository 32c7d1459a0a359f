import { html } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";

/** The caption of the guided first play; the one of the opening, which nobody asked for, is not read aloud. @param {import("../../state.js").State} state */
export function captionTemplate(state) {
  return html`<p class="caption" ?hidden=${!state.caption} aria-live=${state.isGuided ? "polite" : "off"}>${state.caption ? t(state.caption.text, state.caption.values) : ""}</p>`;
}

import { html } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";

/** The caption of the guided first play. @param {import("../../state.js").State} state */
export function captionTemplate(state) {
  return html`<p class="caption" ?hidden=${!state.caption} aria-live="polite">${state.caption ? t(state.caption.text) : ""}</p>`;
}

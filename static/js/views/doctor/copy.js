import { html } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { copyFrom } from "../share/save.js";

/** Lines to be copied, and what has come of the last press. */

/**
 * @param {string} label of the button
 * @param {string} text empty: not there yet
 * @param {number} rows that are seen
 */
export function copyTemplate(label, text, rows) {
  const copy = async (/** @type {Event} */ event) => {
    const box = /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (event.currentTarget).closest(".doctor-copy"));
    const field = /** @type {HTMLTextAreaElement} */ (box.querySelector("textarea"));
    const isDone = await copyFrom(field);
    /** @type {HTMLElement} */ (box.querySelector("[role=status]")).textContent = t(isDone ? "doctor.copied" : "doctor.not_copied");
  };
  return html`<div class="doctor-copy"><textarea readonly rows=${rows} spellcheck="false" aria-label=${label} .value=${text}></textarea>
    <div><button type="button" class="primary" ?disabled=${text === ""} @click=${copy}>${label}</button><span class="quiet" role="status"></span></div></div>`;
}

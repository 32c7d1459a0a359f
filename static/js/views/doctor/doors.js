import { html } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";

/**
 * The one question that the doctor begins with, and its answers.
 *
 * @typedef {import("../../state.js").Door} Door
 */

/** @param {(door: Door) => void} enter */
export const questionTemplate = (enter) => html`<p class="doctor-question">${t("doctor.question")}</p>${doorsTemplate(enter, ["hand", "notebook", "still"])}`;

/** @param {(door: Door) => void} enter @param {Door[]} doors */
export const doorsTemplate = (enter, doors) => html`
  <div class="doctor-doors">${doors.map((door) => html`<button type="button" class="door" @click=${() => enter(door)}>
    <b>${t(`doctor.door.${door}`)}</b><span>${t(`doctor.door.${door}.about`)}</span></button>`)}</div>`;

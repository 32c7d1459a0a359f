import { html, nothing } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { worded } from "./worded.js";
import { shapeText } from "../../trace/doctor/network.js";

/**
 * Where something is pasted: the text, what was read in it, and what has to be asked.
 *
 * @typedef {import("../../doctor.js").Doctor} Doctor
 * @typedef {import("../../trace/doctor/paper.js").Reading} Reading
 */

/**
 * @param {Doctor} doctor
 * @param {number} at which run
 * @param {{label: string, help: string, example: string, rows: number}} words
 */
export function pasteTemplate(doctor, at, { label, help, example, rows }) {
  const { runs, problem } = doctor.paper;
  const { text, reading } = runs[at];
  const isWrong = problem?.run === at;
  return html`<label class="doctor-paste"><b>${label}</b><span class="quiet">${help}</span>
      <textarea rows=${rows} spellcheck="false" autocapitalize="off" placeholder=${example} aria-invalid=${isWrong}
        .value=${text} @input=${(/** @type {any} */ event) => doctor.type(at, event.target.value)}></textarea></label>
    <div role="alert">${isWrong ? html`<p class="form-problem">${problem?.text}</p>` : nothing}</div>
    ${reading ? readingTemplate(doctor, at, reading) : nothing}`;
}

/** @param {Doctor} doctor @param {number} at @param {Reading} reading */
function readingTemplate(doctor, at, { tensors, questions, unknown, notes }) {
  const names = Object.keys(tensors);
  return html`<div class="doctor-reading">
    ${names.length > 0 ? html`<p class="quiet">${t("doctor.read")}</p>
      <ul class="tensors">${names.map((name) => html`<li><code>${name}</code> <span>${shapeText(tensors[name].shape)}</span></li>`)}</ul>` : nothing}
    ${notes.map((note) => html`<p class="doctor-note">${said(note)}
      ${note.code === "dots" && doctor.door === "hand" ? html`<button type="button" @click=${() => doctor.enter("notebook")}>${t("doctor.small_case")}</button>` : nothing}</p>`)}
    ${unknown.length > 0 ? html`<p class="doctor-note">${t("doctor.unknown_names", { names: unknown.map(({ name }) => name).join(", ") })}</p>` : nothing}
    ${questions.map((question) => html`<div class="doctor-ask" role="group" aria-label=${said(question)}><p>${said(question)}</p>
      ${question.choices.map((choice) => html`<button type="button" @click=${() => doctor.answer(at, question.id, choice.id)}>${said(choice)}</button>`)}</div>`)}
  </div>`;
}

/** @param {import("../../trace/doctor/paper.js").Said} sentence */
const said = ({ code, params, text }) => worded(`reading.${code}`, params, text);

import { html, nothing } from "../../vendor/lit.js";
import { listMark, number } from "../../core/format.js";
import { firstText, nameOf, t } from "../../core/i18n.js";
import { labAfterVerdict } from "../../trace/explain/doors-to-labs.js";
import { headlineOf } from "../../trace/doctor/verdict.js";
import { labDoorTemplate } from "../lab-door.js";
import { lookAtTheDrawing } from "./phone.js";
import { tensorsTemplate } from "./tensors.js";
import { worded } from "./worded.js";

/**
 * The verdict: first what it is, in large letters, then the wrong line beside the right one, then every tensor.
 *
 * @typedef {import("../../doctor.js").Doctor} Doctor
 * @typedef {import("../../trace/doctor/paper.js").Diagnosis} Diagnosis
 * @typedef {import("../../trace/doctor/paper.js").Finding} Finding
 */

/** @param {import("../../state.js").State} state @param {Doctor} doctor */
export function verdictTemplate(state, doctor) {
  const { parting } = state;
  const { diagnosis, runs } = doctor.paper;
  const explain = () => {
    lookAtTheDrawing(doctor.playground);
    doctor.explain();
  };
  return html`<section class="verdict ${diagnosis ? `is-${diagnosis.verdict}` : ""}" aria-label=${t("doctor.verdict")}>
    <div role="status">${diagnosis ? headline(diagnosis) : nothing}</div>
    ${diagnosis ? html`
      ${diagnosis.ask_next ? html`<button type="button" class="primary" @click=${(/** @type {any} */ event) => goToLastCase(event.currentTarget.closest(".doctor"))}>${t("doctor.go_to_case")}</button>` : nothing}
      ${pattern(diagnosis)}
      ${diagnosis.mistakes.map((finding) => findingTemplate(finding, diagnosis.mistakes.length > 1))}
      ${diagnosis.candidates.map((finding) => findingTemplate(finding, true))}
      ${parting ? html`<p class="doctor-parting">${t("doctor.parting", { name: cellName(parting), own: number(parting.own), right: number(parting.right) })}
        <button type="button" @click=${explain}>${t("doctor.explain")}</button></p>` : nothing}
      ${alarms(diagnosis)}
      ${diagnosis.cases.map((judged, at) => tensorsTemplate(judged, runs[at]?.reading?.tensors ?? {}, diagnosis.cases.length > 1))}
      ${next(state, diagnosis, doctor)}` : nothing}
  </section>`;
}

/** @param {{tensor: string, index: number[]}} parting */
const cellName = ({ tensor, index }) => (index.length > 0 ? `${tensor}[${index.join(", ")}]` : tensor);

/** @param {Diagnosis} diagnosis */
function headline(diagnosis) {
  const { key, params, mistakes } = headlineOf(diagnosis);
  const titles = joined(mistakes.map((together) => joined(together.map(({ id }) => titleOf(id)), "doctor.and")), "doctor.or");
  return html`<h3>${t(key, params)}${mistakes.flat().length > 0 ? html` <strong>${titles}</strong>` : nothing}</h3>
    ${diagnosis.verdict === "undecided" ? html`<p>${t(diagnosis.ask_next ? "doctor.one_more_run" : "doctor.no_run_tells")}</p>` : nothing}`;
}

/** @param {any[]} parts @param {string} word between them */
const joined = (parts, word) => parts.map((part, at) => html`${at > 0 ? html` <em>${t(word)}</em> ` : nothing}${part}`);

/** @param {Element | null} drawer */
const goToLastCase = (drawer) => /** @type {HTMLElement | undefined} */ ([...(drawer?.querySelectorAll(".doctor-run textarea[readonly]") ?? [])].at(-1))?.focus();

/** @param {string} id */
const titleOf = (id) => firstText([`mistake.${id}.title`]) || nameOf("mistake", id);

/** @param {Finding} finding @param {boolean} isOneOfSeveral */
function findingTemplate({ id, explanation, numbers, wrong_line: wrong, right_line: right }, isOneOfSeveral) {
  const fitted = Object.entries(numbers ?? {});
  return html`<article class="finding">
    ${isOneOfSeveral ? html`<h4>${titleOf(id)}</h4>` : nothing}
    <p>${firstText([`mistake.${id}.about`]) || explanation}</p>
    ${fitted.length > 0 ? html`<p class="quiet">${t("doctor.fitted", { numbers: fitted.map(([name, value]) => `${name.replaceAll("_", " ")} = ${number(value)}`).join(`${listMark()} `) })}</p>` : nothing}
    ${wrong || right ? html`<dl class="lines"><div class="is-wrong"><dt>${t("doctor.wrong_line")}</dt><dd><code>${wrong}</code></dd></div>
      <div class="is-right"><dt>${t("doctor.right_line")}</dt><dd><code>${right}</code></dd></div></dl>` : nothing}
  </article>`;
}

/** What is said where no name fits. @param {Diagnosis} diagnosis */
function pattern({ pattern: found, verdict }) {
  if (!found || verdict === "incomplete") return nothing;
  return html`<p>${worded(`doctor.pattern.${found.code}`, found.params, found.explanation)}</p>`;
}

/** What probably made right numbers look wrong. @param {Diagnosis} diagnosis */
function alarms({ verdict, false_alarms: found }) {
  return html`${found.length > 0 ? html`<div class="alarms"><h4>${t("doctor.alarms")}</h4>
      <ul>${found.map(({ id, numbers, explanation }) => html`<li>${worded(`doctor.alarm.${id}`, numbers, explanation)}</li>`)}</ul></div>` : nothing}
    ${verdict === "correct" ? html`<p>${t("doctor.if_it_still")}</p>` : nothing}`;
}

/** Where one goes from here. @param {import("../../state.js").State} state @param {Diagnosis} diagnosis @param {Doctor} doctor */
function next(state, diagnosis, doctor) {
  const { verdict } = diagnosis;
  const { nextCase } = doctor;
  const harder = (/** @type {Event} */ event) => {
    if (nextCase) doctor.ask(nextCase);
    const drawer = /** @type {Element} */ (event.currentTarget).closest(".doctor");
    // The case stands there when the store has told of it.
    setTimeout(() => goToLastCase(drawer));
  };
  return html`<div class="doctor-next">
    ${verdict === "correct" ? html`<button type="button" @click=${() => doctor.enter("still")}>${t("doctor.look_further")}</button>` : nothing}
    ${doctor.door === "notebook" && nextCase && verdict !== "undecided" ? html`<button type="button" @click=${harder}>${t("doctor.harder")}</button>` : nothing}
    <button type="button" @click=${() => doctor.beginAgain()}>${t("doctor.again")}</button>
    ${labDoorTemplate(labAfterVerdict(state, diagnosis))}</div>`;
}

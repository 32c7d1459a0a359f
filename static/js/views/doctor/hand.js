import { html, nothing } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { plainCase } from "../../trace/doctor/notebook.js";
import { copyTemplate } from "./copy.js";
import { kindsTemplate } from "./kinds.js";
import { pasteTemplate } from "./paste.js";

/** Numbers by hand: everything in one text, in the order in which somebody has it. */

/** @param {import("../../state.js").State} state @param {import("../../doctor.js").Doctor} doctor */
export function handTemplate(state, doctor) {
  const { kinds, choices } = state.doctor;
  const { runs, lacks } = doctor.paper;
  const [, ...others] = runs;
  return html`
    ${pasteTemplate(doctor, 0, { label: t("doctor.paste.hand"), help: t("doctor.paste.hand.help"), example: t("doctor.paste.hand.example"), rows: 9 })}
    ${lacks.length > 0 ? html`<p class="form-problem" role="alert">${t("doctor.lacks", { count: lacks.length, names: lacks.join(", ") })}</p>` : nothing}
    <p class="doctor-small"><button type="button" @click=${() => doctor.take()}>${t("doctor.take")}</button>
      <button type="button" ?disabled=${state.doctor.isBusy} @click=${() => doctor.open()}>${t("doctor.show")}</button></p>
    ${choices ? kindsTemplate(kinds, choices, (part) => void doctor.choose(part), false) : nothing}
    ${others.map(({ asked }, at) => html`<section class="doctor-run"><h3>${t("doctor.one_more")}</h3>
      ${asked ? copyTemplate(t("doctor.copy.case"), plainCase(asked), 6) : nothing}
      ${pasteTemplate(doctor, at + 1, { label: t("doctor.paste.more"), help: "", example: "dW1 = …", rows: 5 })}</section>`)}`;
}

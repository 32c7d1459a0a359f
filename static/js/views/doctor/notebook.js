import { html, nothing } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { notebookCell, unusableNames } from "../../trace/doctor/notebook.js";
import { copyTemplate } from "./copy.js";
import { kindsTemplate } from "./kinds.js";
import { pasteTemplate } from "./paste.js";

/**
 * Code in a notebook: one cell to copy for each case, and what it printed.
 *
 * @typedef {import("../../trace/doctor/notebook.js").Names} Names
 */

/** @type {(keyof Names)[]} */
const NAMES = ["x", "y", "W", "b", "dW", "db"];

/** @param {import("../../state.js").State} state @param {import("../../doctor.js").Doctor} doctor */
export function notebookTemplate({ doctor: { kinds, choices, names, cases } }, doctor) {
  const unusable = unusableNames(names);
  // A cell of what was chosen before would be answered in vain.
  const isCurrent = cases.length > 0;
  const words = { given: t("doctor.cell.given"), yours: t("doctor.cell.yours"), found: t("doctor.cell.found"), after: t("doctor.cell.after"), back: t("doctor.cell.back"), absent: t("doctor.cell.absent") };
  return html`
    ${choices ? kindsTemplate(kinds, choices, (part) => void doctor.choose(part), true) : nothing}
    <details class="doctor-kinds" ?open=${unusable.length > 0}><summary><b>${t("doctor.names")}</b> <span class="quiet">${NAMES.map((name) => names[name]).join(" · ")}</span></summary>
      <fieldset><legend class="visually-hidden">${t("doctor.names")}</legend>
        ${NAMES.map((name) => html`<label class="form-field"><span>${t(`doctor.names.${name}`)}</span>
          <input type="text" spellcheck="false" autocapitalize="off" autocomplete="off" aria-invalid=${unusable.includes(name)} .value=${names[name]}
            @input=${(/** @type {any} */ event) => doctor.name({ [name]: event.target.value.trim() })}></label>`)}
      </fieldset></details>
    ${unusable.length > 0 ? html`<p class="form-problem" role="alert">${t("doctor.names.problem", { names: unusable.map((name) => names[name] || "–").join(", ") })}</p>` : nothing}
    ${doctor.paper.runs.map(({ asked }, at) => html`<section class="doctor-run">
      ${at > 0 ? html`<h3>${t("doctor.one_more")}</h3>` : nothing}
      ${asked && unusable.length === 0 ? html`<p class="doctor-step">${t("doctor.step.copy")}</p>${copyTemplate(t("doctor.copy.cell"), isCurrent ? notebookCell(asked, names, words) : "", 8)}` : nothing}
      ${asked ? html`<p class="doctor-step">${t("doctor.step.paste")}</p>` : nothing}
      ${pasteTemplate(doctor, at, { label: t("doctor.paste.notebook"), help: "", example: "dW1 = [[…]]", rows: 5 })}</section>`)}
    <details class="doctor-kinds doctor-script"><summary><b>${t("doctor.script")}</b></summary>
      <p>${t("doctor.script.about")}</p>
      ${copyTemplate(t("doctor.copy.lines"), `curl -O ${new URL("doctor.py", document.baseURI).href}\npython doctor.py mycode.py:backward`, 2)}
    </details>`;
}

import { html, live, nothing } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { firstText, nameOf, t } from "../../core/i18n.js";
import { isOpen } from "../../lab/stage.js";

/**
 * What an experiment is asked for: the values that a scene offers, Run, how far it is, Stop.
 *
 * @typedef {import("../../state.js").LabState} LabState
 * @typedef {import("../../lab/runs.js").Runs} Runs
 */

/** Names of values, by the field that they belong to. @type {Record<string, string>} */
const FAMILIES = { activations: "activation", initializers: "initializer" };

/** @param {string} field @param {unknown} value @returns {string} */
export function valueName(field, value) {
  if (Array.isArray(value)) return value.map((one) => valueName(field, one)).join(", ");
  if (typeof value === "number") return number(value);
  const family = FAMILIES[field];
  return family ? nameIn(family, String(value)) : String(value);
}

/** First weights are called shorter here than where they can be anything. @param {string} family @param {string} value */
const nameIn = (family, value) => (family === "initializer" ? firstText([`lab.weights.${value}`]) || nameOf("initializer", value) : nameOf(family, value));

/** The body of the scene's experiment as it is chosen now. @param {LabState} now @returns {Record<string, unknown>} */
export const chosenBody = ({ lab, at, stage }) => ({ ...lab.scenes[at]?.run?.body, ...stage.choice });

/** More fields are chosen from lists: their values side by side would take the room of the picture. */
const MOST_IN_FULL = 3;

/** @param {unknown} one @param {unknown} other */
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** @param {string} field @param {unknown[]} values @param {unknown} chosen @param {Runs} runs */
const buttons = (field, values, chosen, runs) => html`<div class="choice-of" role="group" aria-label=${t(`lab.control.${field}`)}>
  <span>${t(`lab.control.${field}`)}</span>
  <div class="choice">${values.map((value) => html`<button type="button" aria-pressed=${isSame(chosen, value)} @click=${() => runs.choose(field, value)}>${valueName(field, value)}</button>`)}</div>
</div>`;

/** @param {string} field @param {unknown[]} values @param {unknown} chosen @param {Runs} runs */
const list = (field, values, chosen, runs) => html`<label class="choice-of"><span>${t(`lab.control.${field}`)}</span>
  <select data-field=${field} @change=${(/** @type {any} */ event) => runs.choose(field, values[event.target.selectedIndex])}>
    ${values.map((value) => html`<option .selected=${live(isSame(chosen, value))}>${valueName(field, value)}</option>`)}
  </select></label>`;

/** Why there is no result to be seen. @param {LabState} now */
export const whyEmpty = (now) => t(now.stage.progress !== null ? "lab.run.running" : isOpen(now) ? "lab.run.none" : "lab.stage.later");

/** @param {LabState} now @param {Runs} runs */
export function controlsTemplate(now, runs) {
  const run = now.lab.scenes[now.at]?.run;
  if (!run) return nothing;
  const body = chosenBody(now);
  const { progress, problem } = now.stage;
  const isRunning = progress !== null;
  const fields = Object.entries(run.controls);
  return html`<div class="run">
    ${fields.map(([field, values]) => (fields.length > MOST_IN_FULL ? list(field, values, body[field], runs) : buttons(field, values, body[field], runs)))}
    <div class="run-now">
      ${isRunning
        ? html`<button type="button" class="run-stop" @click=${() => runs.stop()}>${t("lab.run.stop")}</button>
          <progress max="1" .value=${progress} aria-label=${t("lab.run.progress")}></progress>`
        : html`<button type="button" class="run-start primary" ?disabled=${!isOpen(now)} title=${isOpen(now) ? nothing : t("lab.stage.later")} @click=${() => runs.start()}>${t("lab.run.start")}</button>`}
    </div>
  </div>
  ${problem ? html`<p class="form-problem" role="alert">${problem}</p>` : nothing}`;
}

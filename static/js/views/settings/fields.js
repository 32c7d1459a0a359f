import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { live } from "../../../vendor/lit-html/directives/live.js";
import { t } from "../../core/i18n.js";

/**
 * Labelled form fields. Each calls back with a value of its type; the browser checks the limits when the form is sent.
 *
 * @typedef {{min?: number | null, max?: number | null, step?: number | "any", placeholder?: string, hint?: unknown}} Limits
 */

/**
 * A number, told at every key so that nothing typed is lost; half a number ("1e") is not told. The field is written to
 * only when the value changes: "0.50" stays as it was typed.
 * @param {string} label
 * @param {number | null} value
 * @param {(value: number) => void} onChange
 * @param {Limits} [limits]
 */
export const numberField = (label, value, onChange, { min, max, step = "any", placeholder, hint } = {}) => html`
  <label class="form-field"><span>${label}</span>
    <input type="number" inputmode="decimal" ?required=${!placeholder} placeholder=${placeholder ?? nothing}
      min=${min ?? nothing} max=${max ?? nothing} step=${step}
      .value=${value === null || Number.isNaN(value) ? "" : String(value)}
      @input=${(/** @type {any} */ event) => event.target.validity.badInput || onChange(event.target.valueAsNumber)}>
    ${hint ? html`<small>${hint}</small>` : nothing}
  </label>`;

/** @param {string} label @param {string} value @param {{value: string, text: string}[]} choices @param {(value: string) => void} onChange */
export const choiceField = (label, value, choices, onChange) => html`
  <label class="form-field"><span>${label}</span>
    <select .value=${live(value)} @change=${(/** @type {any} */ event) => onChange(event.target.value)}>
      ${choices.map((choice) => html`<option value=${choice.value} ?selected=${choice.value === value}>${choice.text}</option>`)}
    </select>
  </label>`;

/** Choices whose texts are in the language file. @param {string[]} names @param {string} [prefix] of their keys */
export const named = (names, prefix = "settings") => names.map((name) => ({ value: name, text: t(`${prefix}.${name}`) }));

/** @param {string} label @param {boolean} value @param {(value: boolean) => void} onChange */
export const switchField = (label, value, onChange) => html`
  <label class="form-switch">
    <input type="checkbox" .checked=${live(value)} @change=${(/** @type {any} */ event) => onChange(event.target.checked)}>
    <span>${label}</span>
  </label>`;

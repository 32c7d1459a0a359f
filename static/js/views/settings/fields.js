import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { live } from "../../../vendor/lit-html/directives/live.js";
import { firstText, nameOf } from "../../core/i18n.js";

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

/**
 * Every option is told whether it is chosen: where the choices themselves change, the value of the select comes too early.
 * @param {string} label @param {string} value @param {{value: string, text: string}[]} choices @param {(value: string) => void} onChange
 * @param {string} [width] "wide": as wide as two fields, for long names
 */
export const choiceField = (label, value, choices, onChange, width = "") => html`
  <label class="form-field ${width}"><span>${label}</span>
    <select .value=${live(value)} @change=${(/** @type {any} */ event) => onChange(event.target.value)}>
      ${choices.map((choice) => html`<option value=${choice.value} .selected=${live(choice.value === value)}>${choice.text}</option>`)}
    </select>
  </label>`;

/** Choices by name, each called as the language file has it. @param {string[]} names @param {string} kind first part of their keys */
export const named = (names, kind) => names.map((name) => ({ value: name, text: nameOf(kind, name) }));

/**
 * The numbers that something takes, each with its limits; what is not typed is the default.
 * @param {string} of its name, for labels of its own
 * @param {import("./choices.js").NumberChoice[]} settings
 * @param {Record<string, number>} numbers
 * @param {(numbers: Record<string, number>) => void} onChange
 */
export const numberFields = (of, settings, numbers, onChange) =>
  settings.map(({ name, default: usual, minimum, maximum, below }) =>
    numberField(firstText([`setting.${of}.${name}`]) || nameOf("setting", name), numbers[name] ?? usual, (value) => onChange({ ...numbers, [name]: value }), { min: minimum, max: maximum ?? below }));

/** @param {string} label @param {boolean} value @param {(value: boolean) => void} onChange */
export const switchField = (label, value, onChange) => html`
  <label class="form-switch">
    <input type="checkbox" .checked=${live(value)} @change=${(/** @type {any} */ event) => onChange(event.target.checked)}>
    <span>${label}</span>
  </label>`;

import { html, live } from "../../vendor/lit.js";
import { firstText, nameOf } from "../../core/i18n.js";
import "../bp-number.js";

/** Labelled form fields. Each calls back with a value of its type; a form with a number that does not fit is not sent. */

/**
 * A number, told at every key so that nothing typed is lost: NaN as long as it does not fit.
 * @template {number | null} N
 * @param {string} label
 * @param {N} value
 * @param {(value: N) => void} onType
 * @param {Partial<import("../bp-number.js").Field>} [more] its limits and what else is said of it
 */
export const numberField = (label, value, onType, more) => html`<bp-number class="form-field" .field=${{ ...more, label, value, onType }}></bp-number>`;

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
  settings.map(({ name, default: usual, minimum, maximum, above, below }) =>
    numberField(firstText([`setting.${of}.${name}`]) || nameOf("setting", name), numbers[name] ?? usual, (value) => onChange({ ...numbers, [name]: value }), { min: minimum, max: maximum, above, below }));

/** @param {string} label @param {boolean} value @param {(value: boolean) => void} onChange */
export const switchField = (label, value, onChange) => html`
  <label class="form-switch">
    <input type="checkbox" .checked=${live(value)} @change=${(/** @type {any} */ event) => onChange(event.target.checked)}>
    <span>${label}</span>
  </label>`;

import { html, live, nothing, render } from "../vendor/lit.js";
import { exactly, withDecimalMark } from "../core/format.js";
import { t } from "../core/i18n.js";
import { refusalOf, typedNumber } from "../core/number-input.js";

/**
 * What a number field is to show and whom it tells.
 *
 * @typedef {object} About
 * @property {unknown} [label] or `labelledBy`, the id of what says it elsewhere
 * @property {string} [labelledBy]
 * @property {number | null} value null: nothing
 * @property {string} [of] whose number it is: what was typed for another one goes
 * @property {string} [placeholder] what an empty field means; without it, it may not be empty
 * @property {unknown} [hint]
 * @property {(value: number) => string} [spell] with a decimal point; as JavaScript does if left out
 * @property {(value: number | null) => void} [onType] told at every key; null: nothing, NaN: what the field does not take
 * @property {(value: number) => void} [onDone] told of a number when the typing ends
 * @typedef {About & import("../core/number-input.js").Limits} Field
 */

let count = 0;

/**
 * The one field for a number. The browser's own takes half of what people type for nothing and says nothing of it; this
 * one reads a comma as well as a point, keeps what it refuses, and says why beside it.
 */
export class NumberField extends HTMLElement {
  /** @type {Field | null} */
  asked = null;
  text = "";
  /** What the field itself wrote last. */
  written = "";
  /** What stood here when the typing ended last. @type {string | null} */
  done = null;
  /** Whether a refusal is said: not while somebody is still typing. */
  isSaid = false;
  isTyping = false;
  problemId = `number-problem-${++count}`;

  /** @param {Field} field */
  set field(field) {
    const before = this.asked;
    this.asked = field;
    const isTheSame = before !== null && before.of === field.of && [before.value, this.value].some((value) => Object.is(value, field.value));
    if (!(this.isTyping || (isTheSame && this.text !== this.written))) {
      const { value, spell = String } = field;
      this.text = this.written = value === null || Number.isNaN(value) ? "" : withDecimalMark(spell(value));
      this.isSaid = false;
    }
    this.update();
  }

  /** Why what stands here is not taken; empty: it is. */
  get problem() {
    const { placeholder, ...limits } = /** @type {Field} */ (this.asked);
    if (this.text.trim() === "") return placeholder ? "" : t("number.empty");
    const refusal = refusalOf(this.text, limits);
    const shown = Object.entries(refusal?.params ?? {}).map(([name, value]) => [name, typeof value === "number" ? exactly(value) : value]);
    return refusal ? t(refusal.key, { ...Object.fromEntries(shown), example: withDecimalMark(refusal.key === "number.marks" ? "1234.5" : "0.5") }) : "";
  }

  /** @returns {number | null} null: nothing; NaN: what the field does not take */
  get value() {
    if (this.problem) return NaN;
    return this.text.trim() === "" ? null : typedNumber(this.text);
  }

  update() {
    const { label, labelledBy, placeholder, hint, isWhole, min, above } = /** @type {Field} */ (this.asked);
    const { problem } = this;
    const isWrong = this.isSaid && problem !== "";
    // Some phones have no minus among the keys for decimals.
    const keys = (min ?? above ?? -1) < 0 ? "text" : isWhole ? "numeric" : "decimal";
    render(html`<label>${label ? html`<span>${label}</span>` : nothing}
        <input type="text" inputmode=${keys} autocomplete="off" spellcheck="false" placeholder=${placeholder ?? nothing} .value=${live(this.text)}
          aria-labelledby=${labelledBy ?? nothing} aria-invalid=${isWrong} aria-describedby=${isWrong ? this.problemId : nothing}
          @input=${this.onInput} @change=${this.onChange} @keydown=${this.onKey} @invalid=${this.onInvalid}>
        ${hint ? html`<small>${hint}</small>` : nothing}</label>
      <span class="number-problem" role="alert" id=${this.problemId}>${isWrong ? problem : nothing}</span>`, this);
    this.input.setCustomValidity(problem);
  }

  get input() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input"));
  }

  onInput = () => {
    this.text = this.input.value;
    this.isTyping = true;
    if (!this.problem) this.isSaid = false;
    this.update();
    this.asked?.onType?.(this.value);
  };

  onChange = () => {
    this.isTyping = false;
    this.isSaid = true;
    this.done = this.text;
    this.update();
    if (this.value !== null && !Number.isNaN(this.value)) this.asked?.onDone?.(this.value);
  };

  /** Arrows count up and down. A browser tells of the same text once: Enter tells of it again, since it may not have been done. */
  onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" && this.text === this.done) this.onChange();
    const { isWhole, min, max } = /** @type {Field} */ (this.asked);
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!isWhole || by === undefined || this.value === null || Number.isNaN(this.value)) return;
    event.preventDefault();
    this.input.value = String(Math.min(max ?? Infinity, Math.max(min ?? -Infinity, this.value + by)));
    this.onInput();
    this.onChange();
  };

  /** A form that is sent says it here, not in a bubble over the next field. */
  onInvalid = (/** @type {Event} */ event) => {
    event.preventDefault();
    this.isSaid = true;
    this.update();
    if (this.input.form?.querySelector("input:invalid") === this.input) this.input.focus();
  };
}

customElements.define("bp-number", NumberField);

import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { live } from "../../../vendor/lit-html/directives/live.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { editableOf } from "../../trace/editable.js";

/**
 * Changes the value that the card is about: by typing, by dragging, by keys.
 * @param {import("../../state.js").State} state
 * @param {import("../../editing.js").Editing} editing
 * @returns {unknown} null where it cannot be changed
 */
export function editorTemplate(state, editing) {
  const editable = editableOf(state);
  if (!editable) return null;
  return html`<div class="editor">${editable.kind === "class" ? classTemplate(state, editable, editing) : numberTemplate(editable, editing)}</div>`;
}

/** @param {import("../../trace/editable.js").Editable} editable @param {import("../../editing.js").Editing} editing */
function numberTemplate({ key, value, min, max, step, isBounded, change }, editing) {
  const slide = (/** @type {any} */ event) => {
    void editing.make(change(Number(event.target.value)), editing.isDragging);
    editing.isDragging = true;
  };
  const type = (/** @type {any} */ event) => {
    const typed = Number(event.target.value);
    const isFit = event.target.value !== "" && Number.isFinite(typed) && (!isBounded || (typed >= min && typed <= max));
    if (isFit && typed !== value) void editing.make(change(typed));
    else event.target.value = String(value);
  };
  return html`<label class="value">${t(`edit.${key}`)}
      <input class="typed" type="number" step="any" min=${isBounded ? min : nothing} max=${isBounded ? max : nothing} .value=${String(value)} @change=${type}></label>
    <input class="slider" type="range" min=${min} max=${max} step=${step} .value=${live(String(value))} aria-label=${t("edit.drag", { what: t(`edit.${key}`) })}
      @input=${slide} @change=${() => (editing.isDragging = false)}>`;
}

/** @param {import("../../state.js").State} state @param {import("../../trace/editable.js").Editable} editable @param {import("../../editing.js").Editing} editing */
function classTemplate({ session }, { value, max, change }, editing) {
  const names = session?.dataset?.class_names ?? [];
  return html`<label class="value">${t("edit.label")}
    <select .value=${live(String(value))} @change=${(/** @type {any} */ event) => editing.make(change(Number(event.target.value)))}>
      ${Array.from({ length: max + 1 }, (_, unit) => html`<option value=${unit} ?selected=${unit === value}>${names[unit] ?? number(unit)}</option>`)}
    </select></label>`;
}

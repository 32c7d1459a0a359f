import { html, live } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { editableOf } from "../../trace/change/editable.js";
import "../bp-number.js";

/**
 * Changes the value that the card is about: by typing, by dragging, by keys.
 * @param {import("../../state.js").State} state
 * @param {import("../../session/editing.js").Editing} editing
 * @returns {unknown} null where it cannot be changed
 */
export function editorTemplate(state, editing) {
  const editable = editableOf(state);
  if (!editable) return null;
  const { focus, sample } = state;
  /** @type {Make} */
  const make = async (value, isContinuing = false) => {
    const { changing, store } = editing.playground;
    // Everything that was pressed before this may change the numbers that stand beside the new one.
    const found = await changing.settle();
    const now = editableOf({ ...store.state, focus, sample }) ?? editable;
    // Its answer had got lost, and it was pressed again.
    if (found && now.value === value) return editing.playground.dismissProblem();
    await editing.make(now.change(value), isContinuing);
  };
  return html`<div class="editor">${editable.kind === "class" ? classTemplate(state, editable, make) : numberTemplate(state, editable, editing, make)}</div>`;
}

/** @typedef {(value: number, isContinuing?: boolean) => Promise<void>} Make */

/** @param {import("../../state.js").State} state @param {import("../../trace/change/editable.js").Editable} editable @param {import("../../session/editing.js").Editing} editing @param {Make} make */
function numberTemplate({ focus, sample, batch, reach, slid }, { key, value, min, max, step, isBounded }, editing, make) {
  // A range that grew while it is dragged would run away from under the finger.
  const range = reach ?? { min, max };
  const of = JSON.stringify([focus, sample, batch?.header.step]);
  const slide = (/** @type {any} */ event) => {
    const wanted = Number(event.target.value);
    editing.slide(of, wanted, make(wanted, editing.isDragging));
    editing.hold(range);
  };
  const field = {
    ...(isBounded ? { min, max } : {}),
    label: t(`edit.${key}`),
    value,
    of,
    onDone: (/** @type {number} */ typed) => typed !== value && void make(typed),
  };
  return html`<bp-number class="value" .field=${field}></bp-number>
    <input class="slider" type="range" min=${range.min} max=${range.max} step=${step} .value=${live(String(slid?.of === of ? slid.value : value))} aria-label=${t("edit.drag", { what: t(`edit.${key}`) })}
      @keydown=${(/** @type {KeyboardEvent} */ event) => (editing.isDragging = event.repeat)} @input=${slide} @change=${() => editing.hold(null)}>`;
}

/** @param {import("../../state.js").State} state @param {import("../../trace/change/editable.js").Editable} editable @param {Make} make */
function classTemplate({ session }, { value, max }, make) {
  const names = session?.dataset?.class_names ?? [];
  return html`<label class="value">${t("edit.label")}
    <select .value=${live(String(value))} @change=${(/** @type {any} */ event) => make(Number(event.target.value))}>
      ${Array.from({ length: max + 1 }, (_, unit) => html`<option value=${unit} .selected=${live(unit === value)}>${names[unit] ?? number(unit)}</option>`)}
    </select></label>`;
}

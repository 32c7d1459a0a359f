import { html, nothing } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { labAtCell } from "../../trace/explain/doors-to-labs.js";
import { exchangeableLayer } from "../../trace/change/exchange.js";
import { nudgeOf } from "../../trace/measure/nudge.js";
import { labDoorTemplate } from "../lab-door.js";
import { editorTemplate } from "./editor.js";

/**
 * What can be done with the thing that the card is about: below everything that is said of it, and always in sight.
 * @param {import("../../state.js").State} state
 * @param {import("../../trace/explain/explain.js").Explanation} explanation
 * @param {import("../bp-card.js").Card} card
 */
export function actionsTemplate(state, { subject, isKnown }, { playground }) {
  const { undoable, redoable, cutSteps, isNudging } = state;
  const { editing } = playground;
  const editor = editorTemplate(state, editing);
  const layer = exchangeableLayer(subject);
  const nudged = nudgeOf(state);
  const isChanged = undoable + redoable > 0;
  const door = labDoorTemplate(isKnown ? labAtCell(state, subject) : null);
  if (editor === null && !isChanged && layer === null && !nudged && door === nothing) return nothing;
  return html`<footer class="actions">
    ${editor}
    ${isChanged
      ? html`<div class="undo" role="group" aria-label=${t("edit.changes")}>
          <button ?disabled=${undoable === 0} @click=${() => editing.undo()}><span>${t("edit.undo")}</span></button>
          <button ?disabled=${redoable === 0} @click=${() => editing.redo()}><span>${t("edit.redo")}</span></button>
        </div>
        ${cutSteps > 0 ? html`<p class="quiet">${t("edit.cut", { count: cutSteps })}</p>` : nothing}`
      : nothing}
    ${nudged ? html`<button class="nudge-switch" aria-expanded=${isNudging} @click=${() => playground.inspector.showNudge(!isNudging)}>${t("nudge.title", { name: nudged.tensor[0].toLowerCase() })}</button>` : nothing}
    ${layer === null ? nothing : html`<button @click=${() => playground.inspector.exchange({ layer, unit: subject.place.at(-1) ?? 0 })}>${t("diff.open")}</button>`}
    ${door}
  </footer>`;
}

import { html, nothing } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { written } from "../../core/notation.js";
import { wayOf } from "../../trace/explain/gradient-link.js";

/**
 * From a value to its gradient, wherever in the step that is made, and back.
 * @param {import("../../state.js").State} state
 * @param {import("../../trace/explain/subject.js").Subject} subject
 * @param {import("../../playground.js").Playground} playground
 */
export function wayTemplate(state, subject, playground) {
  const way = wayOf(state, subject);
  if (!way) return nothing;
  const { to, name, count, operation, cell } = way;
  const isHere = operation === null && (to === "gradient" || to === "gate");
  const go = () => {
    if (operation) playground.player.seek(operation.start + operation.duration);
    playground.inspector.explain(cell);
  };
  return html`<button class="way" @click=${go}>${written(t(`card.way.${to}${isHere ? "_here" : ""}`, { name, count }))}</button>`;
}

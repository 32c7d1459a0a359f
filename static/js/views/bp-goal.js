import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { number } from "../core/format.js";
import { goalOf, reachedAfter } from "../core/goal.js";
import { t } from "../core/i18n.js";
import { stylesheet } from "../core/stylesheet.js";

await stylesheet("css/goal.css");

/** The task that a course page has set, and whether it is done. */
export class GoalLine extends StoreElement {
  /** @override */
  whileConnected() {
    this.setAttribute("role", "status");
  }

  /** @override @param {import("../state.js").State} state */
  template({ goal: text, history, session }) {
    if (!text) return nothing;
    const goal = goalOf(text);
    const value = goal.quantity === "accuracy" ? number(goal.value * 100) : number(goal.value);
    const after = reachedAfter(goal, history, session?.step ?? 0);
    return html`<p class="goal ${after === null ? "" : "is-reached"}">
      <b>${t("goal.label")}</b>
      <span>${goal.words || t(`goal.${goal.quantity}`, { value, count: goal.value })}</span>
      ${after === null ? nothing : html`<span class="goal-reached">${t("goal.reached", { count: after })}</span>`}
    </p>`;
  }
}

customElements.define("bp-goal", GoalLine);

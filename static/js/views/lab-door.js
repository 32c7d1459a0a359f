import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";
import { areLabsOffered } from "../trace/explain/doors-to-labs.js";

/** Whether the page leads to labs: not in a frame whose course page has taken away the way back, or what asks. */
const leadsToLabs = () => !/\b(header|asking)\b/.test(document.documentElement.dataset.hide ?? "");

/** A quiet way to a lab, by its question. @param {string | null} lab its id; null: none */
export function labDoorTemplate(lab) {
  if (lab === null || !leadsToLabs()) return nothing;
  return html`<button type="button" class="lab-door" @click=${() => StoreElement.labs.enter(lab)}>${t(`lab.door.${lab}`)}</button>`;
}

/** A quiet way to all labs, whose menu is in the header. @param {import("../state.js").State} state */
export const labsDoorTemplate = (state) => (areLabsOffered(state) && leadsToLabs()
  ? html`<button type="button" class="lab-door" popovertarget="labs-menu">${t("lab.door.all")}</button>`
  : nothing);

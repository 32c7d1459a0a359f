import { html, nothing } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";

/** How many of several things to do are done: a tick for each, in the order in which the words have them. @param {import("../../state.js").LabState} now */
export const partsTemplate = ({ parts }) =>
  parts.length === 0
    ? nothing
    : html`<p class="lab-parts" role="status"><span aria-hidden="true">${parts.map((isDone) => html`<i class=${isDone ? "is-done" : ""}></i>`)}</span>
        ${t("lab.parts", { number: number(parts.filter(Boolean).length), total: number(parts.length) })}</p>`;

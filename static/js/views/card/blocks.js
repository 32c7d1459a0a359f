import { html, nothing } from "../../vendor/lit.js";
import { exactly, number } from "../../core/format.js";
import { t } from "../../core/i18n.js";

/**
 * The vectors and matrices of a micro-step, with the row and the column lit that feed the result.
 *
 * @typedef {import("../../trace/explain/explain.js").Block} Block
 * @typedef {import("../../trace/explain/explain.js").Cell} Cell
 * @typedef {{explain: (tensor: string, place: number[]) => void, point: (cell: {tensor: string, index: number[]} | null) => void}} Asking
 */

/** A number with so many characters is set more tightly. */
const LONG = 7;

/**
 * @param {Block[]} blocks
 * @param {Asking} asking
 * @param {import("../../state.js").Cell | null} hover
 */
export function blocksTemplate(blocks, asking, hover) {
  if (blocks.length === 0) return nothing;
  const areMatrices = blocks.every((block) => block.rows.length > 1);
  return html`<div class="blocks ${areMatrices ? "beside" : "stacked"}">${blocks.map((block) => blockTemplate(block, asking, hover))}</div>`;
}

/** @param {Block} block @param {Asking} asking @param {import("../../state.js").Cell | null} hover */
function blockTemplate(block, asking, hover) {
  return html`<div class="block ${block.isOutput ? "output" : ""}" role="group" aria-label=${block.name}>
    <code class="name">${block.label}</code>
    <div class="rows">
      ${block.rows.map((cells) => cells.every((cell) => cell === null)
        ? html`<div class="row skipped" aria-hidden="true">\u22ee</div>`
        : html`<div class="row">${cells.map((cell) => cellTemplate(block, cell, asking, hover))}</div>`)}
    </div>
  </div>`;
}

/** @param {Block} block @param {Cell | null} cell @param {Asking} asking @param {import("../../state.js").Cell | null} hover */
function cellTemplate({ name, isGradient }, cell, asking, hover) {
  if (!cell) return html`<span class="gap" aria-hidden="true">\u2026</span>`;
  const { value, place, isLit, isOutput } = cell;
  const isPointed = hover?.tensor === name && hover.index.join() === place.join();
  const label = value === null ? t("card.not_computed") : number(value);
  const classes = ["cell", isLit ? "is-lit" : "", isGradient ? "is-gradient" : "", isOutput ? "is-output" : "", value === null ? "is-empty" : "", isPointed ? "is-pointed" : "", label.length >= LONG ? "is-long" : ""];
  return html`<button
    class=${classes.join(" ")}
    tabindex=${isLit ? 0 : -1}
    title=${value === null ? label : exactly(value)}
    aria-label=${`${name}[${place.join(", ")}] ${label}`}
    @click=${() => asking.explain(name, place)}
    @pointerenter=${() => asking.point({ tensor: name, index: place })}
    @pointerleave=${() => asking.point(null)}
  >${value === null ? nothing : number(value)}</button>`;
}

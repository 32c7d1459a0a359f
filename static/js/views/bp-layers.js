import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { exactly, number } from "../core/format.js";
import { t } from "../core/i18n.js";
import { stylesheet } from "../core/stylesheet.js";
import { written } from "../core/notation.js";
import "./bp-histogram.js";
import { layerName } from "./layer-name.js";

await stylesheet("css/layers.css");

/** @type {("a" | "dz" | "dW")[]} */
const COLUMNS = ["a", "dz", "dW"];
/** @type {import("../state.js").State["layers"][]} */
const VIEWS = ["sizes", "values"];
/** A scale of fewer decades would make small differences look large. */
const LEAST_DECADES = 2;

/**
 * A logarithmic scale over all sizes that are shown, in whole decades.
 * @param {number[]} sizes
 * @returns {(size: number) => number} 0 to 1
 */
function logScale(sizes) {
  const logs = sizes.filter((size) => size > 0 && Number.isFinite(size)).map(Math.log10);
  const top = Math.ceil(Math.max(0, ...logs));
  const bottom = Math.min(top - LEAST_DECADES, Math.floor(Math.min(top, ...logs)) - 1);
  return (size) => (size > 0 ? Math.min(1, Math.max(0, (Math.log10(size) - bottom) / (top - bottom))) : 0);
}

/** How large activations and gradients are, layer by layer, where a gradient fades or grows; and how z is spread. */
export class Layers extends StoreElement {
  /** @override */
  static mayFollow = true;

  /** @override @param {import("../state.js").State} state */
  template(state) {
    const { layers: shown } = state;
    const trace = state.live ?? state.batch;
    if (!trace) return nothing;
    return html`
      <div class="panel-head">
        <p class="panel-scope">${t(shown === "sizes" ? "layers.scope" : "histogram.scope", { step: trace.header.step, count: trace.m })}</p>
        <span class="choice" role="group" aria-label=${t("histogram.view")}>
          ${VIEWS.map((view) => html`<button aria-pressed=${view === shown} @click=${() => this.playground.inspector.showLayers(view)}>${t(`histogram.view.${view}`)}</button>`)}
        </span>
      </div>
      ${shown === "sizes" ? this.sizes(trace) : html`<bp-histogram></bp-histogram>`}
    `;
  }

  /** @param {import("../trace/program/trace.js").Trace} trace */
  sizes(trace) {
    const sizes = trace.header.norms ?? [];
    const scale = logScale(sizes.flatMap((size) => COLUMNS.map((column) => size[column])).filter((size) => size !== null));
    return html`
      <table class="layers">
        <thead><tr><td></td>${COLUMNS.map((column) => html`<th scope="col">${written(t(`layers.${column}`))}</th>`)}</tr></thead>
        <tbody>${sizes.map((size, layer) => html`<tr>
          <th scope="row">${layerName(layer, sizes.length - 1)}</th>
          ${COLUMNS.map((column) => this.cell(size[column], column, scale))}
        </tr>`)}</tbody>
      </table>
      <p class="quiet">${t("layers.scale")}</p>
    `;
  }

  /** @param {number | null} size @param {string} column @param {(size: number) => number} scale */
  cell(size, column, scale) {
    if (size === null) return html`<td></td>`;
    return html`<td title=${exactly(size)}>
      <span class="size">${number(size)}</span>
      <span class="bar ${column}" .style=${`--part: ${Math.round(scale(size) * 1000) / 10}%`}></span>
    </td>`;
  }
}

customElements.define("bp-layers", Layers);

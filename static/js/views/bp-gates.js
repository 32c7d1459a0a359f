import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { number } from "../core/format.js";
import { t } from "../core/i18n.js";
import { gatesOf, markOf, shadeOf } from "../trace/gates.js";
import "./bp-gate-field.js";
import { layerName } from "./layer-name.js";

/** A table has cells that a finger can hit; what does not fit is a field of small squares. */
const MOST_SAMPLES = 8;
const MOST_UNITS = 6;

/** Which gate is open for which sample: all hidden units, the whole batch of the step on show. */
export class Gates extends StoreElement {
  /** @override */
  static mayFollow = true;

  /** @override @param {import("../state.js").State} state */
  template(state) {
    const trace = state.live ?? state.batch;
    if (!trace) return nothing;
    const layers = gatesOf(trace, askedGate(trace.program, state));
    const units = layers.reduce((total, { rows }) => total + rows.length, 0);
    if (units === 0) return html`<p class="quiet">${t("gates.none")}</p>`;
    const isTable = trace.m <= MOST_SAMPLES && units <= MOST_UNITS;
    return html`
      <p class="panel-scope">${t("gates.scope", { step: trace.header.step, count: trace.m })}</p>
      ${isTable ? this.table(layers, trace, state) : html`<bp-gate-field .layers=${layers} .m=${trace.m} .depth=${trace.program.depth}></bp-gate-field>`}
      ${this.legend(layers, isTable)}
    `;
  }

  /**
   * @param {import("../trace/gates.js").GateLayer[]} layers
   * @param {import("../trace/trace.js").Trace} trace
   * @param {import("../state.js").State} state
   */
  table(layers, { m, program: { depth } }, { sample, live }) {
    /** @param {number} column */
    const shown = (column) => !live && column === sample;
    return html`<table class="gates">
      <caption class="visually-hidden">${t("gates.caption")}</caption>
      <thead><tr>
        <td></td>
        ${Array.from({ length: m }, (_, column) => html`<th scope="col" class=${shown(column) ? "is-shown" : ""}>
          <button
            aria-pressed=${shown(column)}
            aria-label=${t("gates.sample", { sample: column + 1 })}
            ?disabled=${live !== null}
            @click=${() => this.playground.inspector.showSample(column)}
          >${column + 1}</button></th>`)}
      </tr></thead>
      ${layers.map(({ layer, rows }) => html`<tbody>
        ${layers.length > 1 ? html`<tr class="layer"><th scope="rowgroup">${layerName(layer, depth)}</th>${Array.from({ length: m }, (_, column) => html`<td class=${shown(column) ? "is-shown" : ""}></td>`)}</tr>` : nothing}
        ${rows.map(({ unit, values, fate, asked }) => html`<tr class="fate-${fate}">
          <th scope="row">${t("gates.unit", { unit: unit + 1 })}</th>
          ${values.map((value, column) => column === asked ? html`<td class="is-shown"><span>?</span></td>` : html`<td
            class="${markOf(value)} ${shown(column) ? "is-shown" : ""}"
            title=${t(`gates.${fate === "some" ? markOf(value) : fate}`)}
            @click=${() => live ?? this.playground.inspector.showSample(column)}
          ><span class=${number(value).length > 5 ? "is-long" : ""} .style=${`--open: ${Math.round(shadeOf(value) * 100)}%`}>${number(value)}</span></td>`)}
        </tr>`)}
      </tbody>`)}
    </table>`;
  }

  /**
   * The marks that are on show, each with its meaning.
   * @param {import("../trace/gates.js").GateLayer[]} layers
   * @param {boolean} isTable
   */
  legend(layers, isTable) {
    const rows = layers.flatMap((layer) => layer.rows);
    const marks = new Set(rows.flatMap(({ values, fate, asked }) => (fate === "some" ? values.filter((_, column) => column !== asked).map(markOf) : [fate])));
    return html`<ul class="legend ${isTable ? "" : "of-field"}">
      ${["open", "part", "shut", "off", "dead"]
        .filter((mark) => marks.has(/** @type {any} */ (mark)))
        .map((mark) => html`<li><span class="mark ${mark}" aria-hidden="true"></span>${t(`gates.${mark}`)}</li>`)}
    </ul>`;
  }
}

/** The gate that is to be predicted, of the sample on show. @param {import("../trace/program.js").Program} program @param {import("../state.js").State} state */
function askedGate(program, { hidden, sample }) {
  if (!hidden) return null;
  const { role, layer } = program.tensor(hidden.tensor);
  return role === "mask" ? { layer, unit: hidden.index[0], sample } : null;
}

customElements.define("bp-gates", Gates);

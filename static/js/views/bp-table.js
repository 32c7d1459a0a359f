import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { exactly, number } from "../core/format.js";
import { t } from "../core/i18n.js";
import { written } from "../core/notation.js";
import { fateOf } from "../trace/measure/gates.js";
import { parameterRows, UNIT_ROLES, unitRows } from "../trace/explain/table-of-numbers.js";
import { unitName } from "../trace/explain/words.js";
import { sampleName } from "../trace/program/sample-name.js";
import { layerName } from "./layer-name.js";

/** Of more parameters than these, those that lead into the unit asked about are listed. */
const MOST_PARAMETERS = 160;

/** The drawing's twin: all its numbers as tables, each a way to its explanation. */
export class NumbersTable extends StoreElement {
  /** @override */
  static mayFollow = true;

  /** @override @param {import("../state.js").State} state */
  template(state) {
    // For a moment a new step is there and the place in the old one still stands.
    const rows = state.timeline?.operations[state.operation] ? unitRows(state) : [];
    if (rows.length === 0) return nothing;
    const depth = rows[rows.length - 1].layer;
    const layers = Array.from({ length: depth + 1 }, (_, layer) => rows.filter((row) => row.layer === layer));
    return html`
      <table class="numbers">
        <caption>${t("table.units", { sample: sampleName(state, state.sample) })}</caption>
        <thead><tr><th scope="col">${t("table.unit")}</th>
          ${UNIT_ROLES.map((role) => html`<th scope="col">${role === "mask" ? t("table.gate") : written(role)}</th>`)}</tr></thead>
        ${layers.map((units, layer) => html`<tbody>
          <tr><th class="layer" scope="rowgroup" colspan=${UNIT_ROLES.length + 1}>${layerName(layer, depth)}</th></tr>
          ${units.map(({ unit, entries }) => html`<tr>
            <th scope="row">${number(unit + 1)}</th>
            ${UNIT_ROLES.map((role) => this.cell(entries[role]?.tensor, [unit], entries[role]?.value, role === "mask" && entries.mask?.value === 0 && state.batch ? fateOf(state.batch, layer, unit) : "some"))}
          </tr>`)}
        </tbody>`)}
      </table>
      ${this.parameters(state, depth)}`;
  }

  /** @param {import("../state.js").State} state @param {number} depth */
  parameters(state, depth) {
    const program = /** @type {import("../trace/program/trace.js").Trace} */ (state.batch).program;
    const all = parameterRows(state);
    const asked = state.focus && program.tensor(state.focus.tensor);
    const isAsked = (/** @type {import("../trace/explain/table-of-numbers.js").ParameterRow} */ row) =>
      asked !== null && program.tensor(row.tensor).layer === asked.layer && row.index.at(-1) === state.focus?.index.at(-1);
    const rows = all.length <= MOST_PARAMETERS ? all : all.filter(isAsked);
    if (rows.length === 0) return nothing;
    return html`<table class="numbers">
      <caption>${t("table.weights")}</caption>
      <thead><tr><th scope="col">${t("table.parameter")}</th><th scope="col">${t("table.between")}</th><th scope="col">${t("table.value")}</th><th scope="col">${t("table.gradient")}</th></tr></thead>
      <tbody>${rows.map(({ tensor, index, value, gradient }) => {
        const layer = program.tensor(tensor).layer ?? depth;
        const [from, to] = index.length > 1 ? [unitName(state, program, String(layer - 1), index[0]), index[1]] : ["", index[0]];
        return html`<tr>
          <th scope="row">${tensor}[${index.join(", ")}]</th>
          <td class="between">${from ? `${from} → ` : ""}${unitName(state, program, String(layer), to)}</td>
          ${this.cell(tensor, index, value)}${this.cell(`d${tensor}`, index, gradient)}
        </tr>`;
      })}</tbody>
    </table>`;
  }

  /** Explained in the place of the table. @param {string} tensor @param {number[]} index */
  ask(tensor, index) {
    this.playground.inspector.explain({ tensor, index });
    this.playground.inspector.showTab("");
  }

  /** A number that explains itself when it is pressed. @param {string | undefined} tensor @param {number[]} index @param {number | null | undefined} value @param {import("../trace/measure/gates.js").Fate} [fate] of a shut gate */
  cell(tensor, index, value, fate = "some") {
    if (tensor === undefined) return html`<td></td>`;
    if (value === null || value === undefined) return html`<td class="open"><span class="visually-hidden">${t("network.not_computed")}</span>·</td>`;
    const isGradient = tensor.startsWith("d");
    const more = fate === "some" ? "" : `, ${t(`gates.${fate}`)}`;
    return html`<td class=${isGradient ? "gradient" : ""}><button title=${`${exactly(value)}${more}`} aria-label=${`${tensor}[${index.join(", ")}] = ${number(value)}${more}`}
      @click=${() => this.ask(tensor, index)}>${more ? html`<span class="mark ${fate}" aria-hidden="true"></span>` : nothing}${number(value)}</button></td>`;
  }
}

customElements.define("bp-table", NumbersTable);

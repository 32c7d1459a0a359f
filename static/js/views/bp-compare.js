import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { exactly, number } from "../core/format.js";
import { t } from "../core/i18n.js";
import { stylesheet } from "../core/stylesheet.js";
import { comparedCell, comparison, keptUpdate } from "../trace/change/compare.js";
import { rowsAreTheData } from "../trace/change/editable.js";
import { shownStep } from "../trace/measure/shown-map.js";
import { Task } from "../tasks.js";
import { layerName } from "./layer-name.js";

await stylesheet("css/layers.css");

/** @typedef {import("../trace/program/trace.js").Trace} Trace */

/** What is a share is told in percent. */
const SHARES = ["accuracy", "open"];

/** Keeps the current step, and shows later ones beside it: loss, accuracy, the selected cell and sizes by layer. */
export class Compare extends StoreElement {
  /** The kept step, computed again. @type {Task<{batch: Trace, sample: Trace | null}>} */
  computing = new Task(() => this.update());

  get kept() {
    return this.computing.value;
  }

  /** @override @param {import("../state.js").State} state */
  template(state) {
    const { inspector } = this.playground;
    const kept = keptUpdate(state);
    return html`<div class="panel-head">
        <p class="panel-scope">${t(kept === null ? "compare.about" : "compare.norms")}</p>
        <button class="keep" @click=${() => inspector.compareWith(kept === null ? shownStep(state) - 1 : null)}>${t(kept === null ? "compare.keep" : "compare.drop")}</button>
      </div>
      ${kept === null ? nothing : this.table(state)}`;
  }

  /** @param {import("../state.js").State} state */
  table(state) {
    const now = state.live ?? state.batch;
    if (this.computing.problem) return html`<p class="quiet">${this.computing.problem}</p>`;
    if (!now || !this.kept) return html`<p class="quiet">${t("app.loading")}</p>`;
    const { batch } = this.kept;
    const { depth } = now.program;
    return html`<div class="comparison" tabindex="0"><table>
      <caption class="visually-hidden">${t("compare.caption")}</caption>
      <thead><tr><td></td>${[batch, now].map((trace) => html`<th scope="col">${t("compare.step", { step: number(trace.header.step) })}</th>`)}</tr></thead>
      <tbody>
        ${this.cell(state, now)}
        ${comparison(batch, now).map(({ what, layer, then, now: after }) => this.line(
          layer === null ? t(`compare.${what}`) : t(`compare.${what}`, { layer: layerName(layer, depth) }), then, after, SHARES.includes(what)))}
      </tbody>
    </table></div>`;
  }

  /** The selected cell. @param {import("../state.js").State} state @param {Trace} now */
  cell({ focus, samples, sample, live }, now) {
    if (!focus || !this.kept) return nothing;
    const found = comparedCell(focus, this.kept, { batch: now, sample: live ? null : samples.get(sample) });
    if (!found) return nothing;
    const name = `${focus.tensor}[${focus.index.join(", ")}]`;
    const label = html`<code>${name}</code>${found.isOfSample ? html` <span class="quiet">${t("card.sample", { sample: sample + 1 })}</span>` : nothing}`;
    return this.line(label, found.then, found.now, false);
  }

  /** @param {unknown} label @param {number} then @param {number} now @param {boolean} isShare */
  line(label, then, now, isShare) {
    const text = (/** @type {number} */ value) => (isShare ? t("compare.percent", { value: number(Math.round(value * 1000) / 10) }) : number(value));
    return html`<tr class=${then === now ? "is-same" : ""}><th scope="row">${label}</th>
      ${[then, now].map((value) => html`<td title=${exactly(value)}>${text(value)}</td>`)}</tr>`;
  }

  /** @override */
  updated() {
    void this.ask();
  }

  /** Compute the kept step again, if that has not been done. */
  async ask() {
    const { compared, session, batch, sample, edits } = this.playground.state;
    if (!compared || !session || !batch || compared.session !== session.id) return;
    const key = [session.id, compared.update, sample, edits.length].join();
    await this.computing.ask(key, async () => {
      const found = await this.playground.model.fetch({ step: compared.update + 1, isTheLongWay: false, map: null });
      // Only where every batch is all rows in order is a row of one step the same row of another.
      const isWhole = rowsAreTheData({ session }) && sample < batch.m;
      return { batch: found.batch, sample: isWhole ? (found.samples.get(sample) ?? null) : null };
    });
  }
}

customElements.define("bp-compare", Compare);

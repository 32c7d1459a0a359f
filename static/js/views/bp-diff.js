import { html, live, nothing } from "../vendor/lit.js";
import { whenClosed } from "../core/dialog.js";
import { StoreElement } from "../core/element.js";
import { exactly, number } from "../core/format.js";
import { firstText, nameOf, t } from "../core/i18n.js";
import { stylesheet } from "../core/stylesheet.js";
import { Task } from "../tasks.js";
import { continuation, exchanged, traceRequest } from "../trace/change/exchange.js";
import { linesOf, programDiff } from "../trace/change/program-diff.js";
import { sampleName } from "../trace/program/sample-name.js";
import { layerName } from "./layer-name.js";
import { offeredChoices } from "./offers.js";

await stylesheet("css/diff.css");

/** @typedef {import("../trace/program/trace.js").Trace} Trace */

/** What is told about the unit, before and after. */
const ROLES = ["z", "a", "mask", "da", "dz"];

/** The same step with another activation in one layer: which lines of the program change, and what they do to a unit. */
export class Diff extends StoreElement {
  /** Names of all activations. @type {string[]} */
  activations = [];
  /** What is chosen instead. @type {string | null} */
  chosen = null;
  /** The same sample through the other network. @type {Task<Trace>} */
  computing = new Task(() => this.hear());
  /** Why nothing can be chosen. @type {string | null} */
  problem = null;

  get other() {
    return this.computing.problem === null ? this.computing.value : null;
  }

  /** @override @param {import("../state.js").State} state */
  template({ exchange, session, batch }) {
    const isOpen = exchange !== null && session !== null && batch !== null;
    return html`<dialog aria-labelledby="diff-title" @cancel=${this.onClosed} @close=${this.onClosed} @keydown=${(/** @type {KeyboardEvent} */ event) => event.stopPropagation()}>
      ${isOpen ? this.content(exchange.layer, session.model, batch) : nothing}
    </dialog>`;
  }

  /** @param {number} layer @param {any} model @param {Trace} batch */
  content(layer, model, batch) {
    const own = model.hidden[layer - 1].activation;
    const programs = [batch.program, ...(this.other ? [this.other.program] : [])];
    const pairs = this.other ? programDiff(batch.program, this.other.program) : [];
    const { changed, total } = linesOf(pairs);
    return html`
      <header><h2 id="diff-title">${t("diff.title", { layer: layerName(layer, batch.program.depth) })}</h2>
        <button class="close" aria-label=${t("diff.close")} @click=${() => this.dialog?.close()}>\u00d7</button></header>
      <div class="exchange">
        <b>${nameOf("activation", own)}</b><span aria-hidden="true">\u2192</span>
        <select aria-label=${t("diff.activation")} .value=${live(this.chosen ?? "")} @change=${(/** @type {any} */ event) => this.choose(event.target.value)}>
          ${this.activations.filter((name) => name !== own).map((name) => html`<option value=${name} .selected=${live(name === this.chosen)}>${nameOf("activation", name)}</option>`)}
        </select>
        <p role="status">${this.problem ?? this.computing.problem ?? (pairs.length ? t("diff.changed", { count: changed, total }) : t("app.loading"))}</p>
      </div>
      ${pairs.length ? html`<div class="programs" tabindex="0" role="table" aria-label=${t("diff.programs")}>${pairs.map((pair) => lineTemplate(pair, programs))}</div>
        ${this.numbers()}` : nothing}
      <footer><button @click=${() => this.dialog?.close()}>${t("diff.keep")}</button>
        <button class="use" ?disabled=${!this.other} @click=${this.use}>${t("diff.use", { name: nameOf("activation", this.chosen ?? "") })}</button></footer>`;
  }

  /** The unit's numbers in both steps. */
  numbers() {
    const { exchange, samples, sample } = this.playground.state;
    const [before, after] = [samples.get(sample), this.other];
    if (!exchange || !before || !after) return nothing;
    const { layer, unit } = exchange;
    const rows = ROLES.map((role) => [before.named(role, layer), after.named(role, layer)]).filter(([a, b]) => a && b);
    const value = (/** @type {Trace} */ trace, /** @type {any} */ tensor) => trace.at(tensor.name, [0, unit]);
    return html`<table class="unit-numbers">
      <caption>${t("diff.unit", { unit: unit + 1, sample: sampleName(this.playground.state, sample) })}</caption>
      <thead><tr><td></td>${rows.map(([tensor]) => html`<th scope="col"><code>${tensor?.name}</code></th>`)}</tr></thead>
      <tbody>${[before, after].map((trace, at) => html`<tr><th scope="row">${nameOf("activation", at === 0 ? this.own : (this.chosen ?? ""))}</th>
        ${rows.map((pair) => html`<td class=${value(before, pair[0]) === value(after, pair[1]) ? "" : "is-changed"} title=${exactly(value(trace, pair[at]))}>${number(value(trace, pair[at]))}</td>`)}</tr>`)}</tbody>
    </table>`;
  }

  onClosed = whenClosed(() => this.playground.inspector.exchange(null));

  get own() {
    const { exchange, session } = this.playground.state;
    return exchange && session ? session.model.hidden[exchange.layer - 1].activation : "";
  }

  get dialog() {
    return /** @type {HTMLDialogElement | null} */ (this.querySelector("dialog"));
  }

  /** @override @param {import("../state.js").State} state */
  updated({ exchange }) {
    if (exchange && !this.dialog?.open) {
      this.dialog?.showModal();
      this.chosen = null;
      void this.begin();
    }
    if (!exchange && this.dialog?.open) this.dialog.close();
    if (exchange && this.chosen) void this.ask();
  }

  /** Offer every activation that a hidden layer may have, the first other one chosen. */
  async begin() {
    try {
      if (this.activations.length === 0) this.activations = (await offeredChoices()).activations.map(({ name }) => name);
      this.problem = null;
      this.choose(this.activations.find((name) => name !== this.own) ?? null);
    } catch {
      this.problem = t("problem.unreachable");
      this.update();
    }
  }

  /** @param {string | null} name */
  choose(name) {
    this.chosen = name;
    this.tell(undefined);
    this.update();
  }

  /** What is tried. @param {number | undefined} changed how many lines of the step are other with it; undefined: not known yet */
  tell(changed) {
    const { exchange } = this.playground.state;
    if (exchange) this.playground.inspector.exchange({ ...exchange, activation: this.chosen ?? "", changed });
  }

  /** Compute the step of the current sample with the other activation; nothing is stored. */
  async ask() {
    const { state } = this.playground;
    const { exchange, session, batch, sample, edits } = state;
    if (!exchange || !session || !batch || !this.chosen) return;
    const key = [session.id, batch.header.step, edits.length, sample, exchange.layer, this.chosen].join();
    const { chosen } = this;
    await this.computing.ask(key, async () => {
      const model = exchanged(session.model, exchange.layer, chosen);
      return this.playground.model.frame(await this.playground.api.traceFrame(traceRequest(state, model)));
    });
  }

  hear() {
    const { batch } = this.playground.state;
    if (batch && this.other) this.tell(linesOf(programDiff(batch.program, this.other.program)).changed);
    this.update();
    this.querySelector(".pair.is-changed")?.scrollIntoView({ block: "center" });
  }

  /** Go on with the other activation, from the weights of now. */
  use = async () => {
    const { exchange, session } = this.playground.state;
    const { chosen } = this;
    if (!exchange || !session || !chosen) return;
    this.dialog?.close();
    await this.playground.beginAgain((state) => continuation(state, exchanged(state.session?.model, exchange.layer, chosen)));
  };
}

/** One node of both programs. @param {import("../trace/change/program-diff.js").Pair} pair @param {import("../trace/program/program.js").Program[]} programs */
function lineTemplate({ left, right, isChanged }, programs) {
  const { output, phase } = /** @type {import("../trace/program/program.js").Node} */ (left ?? right);
  const role = programs.map((program) => program.byName.get(output)?.role).find(Boolean);
  const side = (/** @type {import("../trace/program/program.js").Node | null} */ one) => html`<code role="cell">${one?.code ?? ""}</code>`;
  return html`<div role="row" class="pair ${isChanged ? "is-changed" : ""}">${side(left)}${side(right)}
    <span role="cell" class="kind">${isChanged ? firstText([`diff.made.${role}`, `segment.${phase}`]) : ""}</span></div>`;
}

customElements.define("bp-diff", Diff);

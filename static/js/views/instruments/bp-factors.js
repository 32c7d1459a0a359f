import { html, nothing } from "../../vendor/lit.js";
import { exactly, number } from "../../core/format.js";
import { nameOf, t } from "../../core/i18n.js";
import { chainOf, isChain } from "../../lab/chain.js";
import { asksToNudge } from "../../lab/setup.js";
import { twinOf } from "../../lab/factors.js";
import { isOpen } from "../../lab/stage.js";
import { Task } from "../../tasks.js";
import { traceRequest } from "../../trace/change/exchange.js";
import { Instrument } from "./instrument.js";

/**
 * @typedef {import("../../lab/chain.js").Factor} Factor
 * @typedef {import("../../lab/chain.js").Chain} Chain
 * @typedef {import("../../trace/program/trace.js").Trace} Trace
 */

/** A letter with its layer below. @param {string} letter @param {number} layer */
const letter = (letter, layer) => html`${letter}<sub>${layer}</sub>`;

/** What a layer hands on: x before the first. @param {number} layer */
const handedOn = (layer) => (layer === 0 ? "x" : letter("a", layer));

/** With this many chips, nobody opens them one by one. */
const MANY = 4;

/** @type {Record<Factor["kind"], (layer: number, target: number) => unknown>} */
const SYMBOLS = {
  error: (layer) => html`dL/d${letter("a", layer)}`,
  slope: (layer) => html`f\u2032(${letter("z", layer)})`,
  weight: (layer) => letter("w", layer),
  input: (layer) => handedOn(layer - 1),
  closed: (layer, target) => html`d${letter("a", layer)}/d${letter("w", target)}`,
};

/** The gradient of a chain, taken apart factor by factor, from the loss to the input. */
export class FactorsInstrument extends Instrument {
  /** The same weights with another activation. @type {Task<Trace>} */
  computing = new Task(() => this.update());
  /** How many chips were open when it was drawn last. @type {number | undefined} */
  opened = undefined;
  /** What the twin was asked for last. */
  key = "";

  get chosen() {
    return this.instruments.factors;
  }

  /** @override @param {import("../../state.js").State} state */
  template(state) {
    const { lab, samples, sample, session } = state;
    const trace = samples.get(sample);
    if (!lab || lab.stage.name !== "factors" || !session || !trace || !isChain(trace)) return nothing;
    const { gradient, opened, other, others, twin: isTwin } = /** @type {any} */ (lab.stage);
    const chain = chainOf(trace, gradient, opened);
    const known = isTwin && this.computing.answerTo(this.key);
    const twin = known ? chainOf(known, gradient, opened) : null;
    const isUsable = isOpen(lab);
    const title = t("lab.factors.title", { layer: number(chain.target) });
    return html`<section class="instrument is-factors ${isTwin ? "has-twin" : ""}" aria-label=${title}>
      <header><h2 aria-label=${title}>dL/d${letter("w", chain.target)} <small>${chain.unopened > 0 ? nothing : t("lab.factors.count", { count: chain.factors.length })}</small></h2>
        ${other ? html`<button type="button" class="as-table twin-switch" aria-pressed=${isTwin} ?disabled=${!isUsable} @click=${() => this.chosen.turnTwin()}>${t("lab.factors.twin", { name: nameOf("activation", other) })}</button>` : nothing}</header>
      <div class="factor-list" tabindex="-1"><table class="factors">
        <thead><tr><th scope="col">${t("lab.factors.factor")}</th><th scope="col">${nameOf("activation", session.model.output.activation)}</th>${isTwin ? html`<th scope="col">${nameOf("activation", other)}</th>` : nothing}</tr></thead>
        <tbody aria-live="polite">${chain.factors.map((factor, at) => this.row(factor, at, chain, isTwin ? (twin?.factors[at] ?? null) : undefined, isUsable))}</tbody>
      </table></div>
      <div class="factor-results">${resultTemplate("=", chain.target, [chain.gradient, ...(isTwin ? [twin?.gradient] : [])])}
        ${others.map((/** @type {string} */ name) => resultTemplate("", Number(trace.program.tensor(name).layer), [trace.at(`d${name}`, [0, 0])]))}</div>
      ${this.computing.problem && isTwin ? html`<p class="form-problem" role="alert">${this.computing.problem}</p>` : nothing}
      ${this.foot(chain, opened, isUsable, asksToNudge(lab.lab.scenes[lab.at]))}
    </section>`;
  }

  /** @param {Factor} factor @param {number} at @param {Chain} chain @param {Factor | null | undefined} twin undefined: there is no such column @param {boolean} isUsable */
  row(factor, at, { target }, twin, isUsable) {
    const { kind, layer, cell } = factor;
    const isShut = kind === "slope" && factor.value === 0;
    const press = () => (kind === "closed" ? this.chosen.open() : cell && this.playground.inspector.explain(cell));
    return html`<tr class="is-${kind} ${isShut ? "is-shut" : ""}">
      <th scope="row"><button type="button" ?disabled=${kind === "closed" && !isUsable} @click=${press}>
        <span class="sign">${at === 0 ? nothing : "\u00d7"}</span><span class="symbol">${SYMBOLS[kind](layer, target)}</span><span class="name">${kind === "closed" && !isUsable ? nothing : t(`lab.factors.${kind}`, { layer: number(layer) })}</span></button></th>
      ${value(factor.value)}${twin === undefined ? nothing : value(twin?.value)}</tr>`;
  }

  /** @param {Chain} chain @param {number} opened @param {boolean} isUsable @param {boolean} isToNudge whether the scene asks for it */
  foot({ unopened, layers, target }, opened, isUsable, isToNudge) {
    const left = layers - target + 1 - opened;
    const isManyClosed = unopened > 0 && left >= MANY;
    if (isUsable ? !isToNudge && !isManyClosed : unopened === 0) return nothing;
    if (!isUsable) return html`<footer class="factor-foot"><p>${t("lab.stage.later")}</p></footer>`;
    return html`<footer class="factor-foot">
      ${isToNudge ? html`<button type="button" class="factor-nudge" @click=${() => this.nudge(target)}>${t("lab.factors.nudge", { layer: number(target) })}</button>` : nothing}
      ${isManyClosed ? html`<button type="button" @click=${() => this.chosen.open(left)}>${t("lab.factors.open_all")}</button>` : nothing}</footer>`;
  }

  /** The weight that all of it is about. @param {number} layer */
  nudge(layer) {
    const { inspector } = this.playground;
    inspector.explain({ tensor: `W${layer}`, index: [0, 0] });
    inspector.showNudge(true);
    this.playground.showSheet(true);
  }

  /** Have the twin's step. @override @param {import("../../state.js").State} state */
  updated(state) {
    const { lab, batch, session } = state;
    const { other, twin, opened } = /** @type {any} */ (lab?.stage ?? {});
    // What can be opened next is never out of sight.
    if (this.opened !== undefined && opened !== this.opened) this.querySelector(".is-closed")?.scrollIntoView({ block: "nearest" });
    this.opened = opened;
    if (!twin || !other || !batch || !session) return;
    const request = twinOf(traceRequest(state, session.model), other);
    const key = JSON.stringify(request);
    if (key === this.key) return;
    this.key = key;
    void this.computing.ask(key, async () => this.playground.model.frame(await this.playground.api.traceFrame(request)));
  }
}

/** A gradient, by the layer of its weight. @param {string} sign @param {number} layer @param {(number | undefined)[]} found */
const resultTemplate = (sign, layer, found) => html`<p class="factor-result"><span><span class="sign">${sign}</span><span class="symbol">dL/d${letter("w", layer)}</span></span>${found.map((one) => html`<b>${text(one)}</b>`)}</p>`;

/** @param {number | undefined} found */
const text = (found) => (found === undefined ? "\u2013" : html`<span title=${exactly(found)}>${number(found)}</span>`);

/** @param {number | undefined} found */
const value = (found) => html`<td>${text(found)}</td>`;

customElements.define("bp-factors", FactorsInstrument);

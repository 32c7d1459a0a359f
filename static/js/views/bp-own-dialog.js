import * as api from "../api/client.js";
import { sentenceOf } from "../api/problem-text.js";
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";
import { currentNotation, isTextbook } from "../core/notation.js";
import { stylesheet } from "../core/stylesheet.js";
import { compare } from "../trace/own/compare.js";
import { isGiven, networkOf } from "../trace/own/network.js";
import { outlineOf } from "../trace/own/outline.js";
import { parse } from "../trace/own/parse.js";
import { Unusable, upright } from "../trace/own/tensor.js";
import { kindsTemplate } from "./own/kinds.js";
import { linesTemplate } from "./own/lines.js";

/** What a network from the dialog learns with; a hand calculation says nothing of it. */
const OPTIMIZER = { name: "sgd", learning_rate: 0.1 };

/** @typedef {"network" | "results"} Field */

await Promise.all([stylesheet("css/settings.css"), stylesheet("css/own-numbers.css")]);

/** A dialog in which somebody's hand calculation is compared line by line. What is typed stays. */
export class OwnDialog extends StoreElement {
  texts = { network: "", results: "" };
  /** @type {import("../trace/own/network.js").Kinds} */
  kinds = { hidden: { activation: "relu", numbers: {} }, output: { activation: "softmax", numbers: {} }, loss: "cross_entropy", reduction: "mean" };
  /** @type {import("./settings/choices.js").Choices | null} */
  choices = null;
  /** @type {{field: Field, text: string} | null} */
  problem = null;
  /** @type {{lines: import("../trace/own/compare.js").Line[], isTransposed: boolean} | null} */
  found = null;

  /** @override */
  template() {
    return html`<dialog class="own-dialog" aria-labelledby="own-title" @click=${this.onBackdrop}>
      <header><h2 id="own-title">${t("own.title")}</h2>
        <button type="button" class="icon" aria-label=${t("own.close")} @click=${() => this.dialog.close()}>✕</button></header>
      <p class="own-convention">${t(`own.convention.${currentNotation()}`)}</p>
      <div class="own-body">
        <div class="own-input">
          ${this.area("network", 6)}
          <button type="button" class="own-take" @click=${this.take}>${t("own.take")}</button>
          ${this.choices ? kindsTemplate(this.kinds, this.choices, (part) => this.choose(part)) : nothing}
          ${this.area("results", 6)}
        </div>
        <div class="own-found" role="status">${this.found
          ? html`${linesTemplate(this.found.lines)}${this.found.isTransposed === isTextbook() ? nothing : html`<p class="quiet">${t(this.found.isTransposed ? "own.transposed" : "own.upright")}</p>`}`
          : html`<p class="quiet">${t("own.empty")}</p>`}</div>
      </div>
      <footer class="own-actions">
        <button type="button" @click=${this.show}>${t("own.show")}</button>
        <button type="button" class="primary" @click=${this.check}>${t("own.check")}</button>
      </footer>
    </dialog>`;
  }

  /** @param {Field} field @param {number} rows */
  area(field, rows) {
    const isWrong = this.problem?.field === field;
    return html`<label class="own-area"><b>${t(`own.${field}`)}</b><span class="quiet">${t(`own.${field}.help`)}</span>
        <textarea class=${field} rows=${rows} spellcheck="false" autocapitalize="off" placeholder=${t(`own.${field}.example`)} aria-invalid=${isWrong}
          .value=${this.texts[field]} @input=${(/** @type {any} */ event) => (this.texts[field] = event.target.value)}></textarea></label>
      <div role="alert">${isWrong ? html`<p class="form-problem">${this.problem?.text}</p>` : nothing}</div>`;
  }

  get dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
  }

  open = async () => {
    this.dialog.showModal();
    if (this.choices) return;
    await this.playground.attempt(async () => (this.choices = await api.getChoices()));
    this.update();
  };

  /** @param {Partial<import("../trace/own/network.js").Kinds>} part */
  choose(part) {
    this.kinds = { ...this.kinds, ...part };
    this.found = null;
    this.update();
  }

  /** Begin with what the page shows. */
  take = () => {
    const { session, ...state } = this.playground.state;
    const { hidden, output, loss, reduction } = /** @type {any} */ (session).model;
    const { units: _, activation, ...numbers } = output;
    const { units: __, activation: own, ...ownNumbers } = hidden[0] ?? { activation: this.kinds.hidden.activation };
    this.texts.network = outlineOf({ session, ...state });
    this.problem = null;
    this.choose({ hidden: { activation: own, numbers: ownNumbers }, output: { activation, numbers }, loss, reduction });
  };

  /** The names may stand in either field. @returns {{request: import("../trace/own/network.js").Request, results: import("../trace/own/tensor.js").Own[], isTransposed: boolean} | null} */
  read() {
    /** @type {Field} */
    let field = "network";
    try {
      const first = parse(this.texts.network);
      field = "results";
      const own = [...first, ...parse(this.texts.results)];
      field = "network";
      const { isTransposed, ...request } = networkOf(own.filter(({ name }) => isGiven(name)), this.kinds, isTextbook());
      const results = own.filter(({ name }) => !isGiven(name));
      return { request, results: isTransposed ? results.map(upright) : results, isTransposed };
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      this.refuse(field, t(error.key, error.params), Number(error.params.line ?? 0));
      return null;
    }
  }

  /** @param {Field} field @param {string} text @param {number} line to be marked; 0: none */
  refuse(field, text, line = 0) {
    this.problem = { field, text };
    this.found = null;
    this.update();
    const area = /** @type {HTMLTextAreaElement} */ (this.querySelector(`textarea.${field}`));
    area.focus();
    const lines = area.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    if (line > 0) area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
    this.querySelector(".form-problem")?.scrollIntoView({ block: "nearest" });
  }

  check = async () => {
    const read = this.read();
    if (!read) return;
    if (read.results.length === 0) return this.refuse("results", t("own.problem.no_results"));
    await this.attempt(async () => {
      const lines = await compare(read.request, read.results, api.postTrace);
      this.problem = null;
      this.found = { lines, isTransposed: read.isTransposed };
    });
    this.update();
    this.querySelector(".own-summary")?.scrollIntoView({ block: "nearest" });
  };

  /** Open the network in the playground. */
  show = async () => {
    const read = this.read();
    if (!read) return;
    await this.attempt(async () => {
      // Asked first, so that a refusal is said here and not behind the dialog.
      await api.postTrace(read.request);
      await this.playground.open({ ...read.request, optimizer: OPTIMIZER, batch_size: null, seed: 0 });
      this.dialog.close();
    });
  };

  /** What the server refuses is said at the network. @param {() => Promise<void>} action */
  async attempt(action) {
    try {
      await action();
    } catch (error) {
      this.refuse("network", error instanceof api.Problem ? sentenceOf(error) : t("problem.unreachable"));
    }
  }

  onBackdrop = (/** @type {MouseEvent} */ event) => {
    if (event.target === this.dialog) this.dialog.close();
  };
}

customElements.define("bp-own-dialog", OwnDialog);

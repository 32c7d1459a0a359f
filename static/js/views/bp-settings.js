import * as api from "../api/client.js";
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";
import { stylesheet } from "../core/stylesheet.js";
import "./bp-own-data.js";
import { changed, draftOf, fitting, GIVEN, recipeOf } from "./settings/draft.js";
import { PRESETS } from "./settings/presets.js";
import { dataSection, learningSection, networkSection, outputSection, startSection } from "./settings/sections.js";

await stylesheet("css/settings.css");

/** The drawer in which a new beginning is set up. What is typed stays until it is used or discarded. */
export class Settings extends StoreElement {
  /** @override */
  static reads = ["isSettingsOpen", "recipe", "problem"];

  constructor() {
    super();
    /** @type {import("./settings/draft.js").Draft | null} */
    this.draft = null;
    /** The recipe that the draft began as. @type {any} */
    this.draftedFrom = null;
    /** @type {import("./settings/draft.js").DatasetInfo[]} */
    this.datasets = [];
    /** What the engine offers. @type {import("./settings/choices.js").Choices | null} */
    this.choices = null;
    this.isBusy = false;
  }

  /** @override @param {import("../state.js").State} state */
  template({ recipe, isSettingsOpen, problem }) {
    if (recipe && recipe !== this.draftedFrom) this.discard(recipe);
    return html`<dialog class="drawer" aria-labelledby="settings-title" @close=${this.onClose} @click=${this.onBackdrop}>
      ${isSettingsOpen && this.draft
        ? html`<form @submit=${this.onSubmit} @own-data=${this.onOwnData}>
            <header><h2 id="settings-title">${t("settings.title")}</h2>
              <button type="button" class="icon" aria-label=${t("settings.close")} @click=${() => this.playground.showSettings(false)}>✕</button></header>
            <div class="drawer-body">
              <section class="presets" aria-label=${t("settings.presets")}>${PRESETS.map((preset) => this.preset(preset))}</section>
              ${this.choices ? this.sections(this.draft, this.choices) : html`<p class="quiet">${t("app.loading")}</p>`}
            </div>
            <footer>
              <div role="alert">${problem ? html`<p class="form-problem">${problem}</p>` : nothing}</div>
              <div class="drawer-actions">
                ${this.isChanged ? html`<button type="button" @click=${() => { this.discard(recipe); this.update(); }}>${t("settings.discard")}</button>` : nothing}
                <button type="submit" class="primary" ?disabled=${this.isBusy || this.choices === null}>${t("settings.apply")}</button>
              </div>
            </footer>
          </form>`
        : nothing}
    </dialog>`;
  }

  /** @override @param {import("../state.js").State} state */
  updated({ isSettingsOpen }) {
    const dialog = /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
    if (isSettingsOpen && !dialog.open) {
      dialog.showModal();
      void this.loadChoices();
    }
    if (!isSettingsOpen && dialog.open) dialog.close();
  }

  /** @param {import("./settings/draft.js").Draft} draft @param {import("./settings/choices.js").Choices} choices */
  sections(draft, choices) {
    /** @param {Partial<import("./settings/draft.js").Draft>} change */
    const change = (change) => this.change(change);
    return [
      dataSection(draft, this.datasets, change, html`<bp-own-data class="wide"></bp-own-data>`),
      networkSection(draft, choices, change),
      outputSection(draft, choices, this.infoOf(draft)?.classes ?? 0, change),
      startSection(draft, choices, change),
      learningSection(draft, choices, change),
    ];
  }

  /** @param {Partial<import("./settings/draft.js").Draft>} change */
  change(change) {
    const next = changed(/** @type {import("./settings/draft.js").Draft} */ (this.draft), change);
    this.draft = this.choices ? fitting(next, this.choices, this.infoOf(next)) : next;
    this.update();
  }

  /**
   * What is to be known about the data: features and classes.
   * @param {import("./settings/draft.js").Draft} draft
   * @returns {Pick<import("./settings/draft.js").DatasetInfo, "features" | "classes"> | undefined}
   */
  infoOf({ dataset }) {
    const { model } = this.draftedFrom;
    return dataset === GIVEN ? { features: model.inputs, classes: model.output.units } : this.datasets.find(({ name }) => name === dataset);
  }

  /** @param {import("./settings/presets.js").Preset} preset */
  preset({ name, units, recipe }) {
    const open = async () => {
      const { recipe: chosen, sample } = await recipe();
      await this.open(chosen, sample);
    };
    return html`<button type="button" ?disabled=${this.isBusy} @click=${open}>
      <b>${t(`settings.preset.${name}`)}</b><span>${units.join(" – ")}</span><small>${t(`settings.preset.${name}.about`)}</small></button>`;
  }

  get isChanged() {
    return this.draftedFrom !== null && JSON.stringify(this.draft) !== JSON.stringify(draftOf(this.draftedFrom));
  }

  /** Begin the draft again from what is on the page. @param {any} recipe */
  discard(recipe) {
    this.draftedFrom = recipe;
    this.draft = draftOf(recipe);
  }

  async loadChoices() {
    if (this.choices) return;
    await this.playground.attempt(async () => {
      [this.datasets, this.choices] = await Promise.all([api.getDatasets(), api.getChoices()]);
    });
    this.update();
  }

  /** @param {CustomEvent} event */
  onOwnData = ({ detail }) => {
    this.datasets = [...this.datasets, detail];
    this.change({ dataset: detail.name, options: {} });
  };

  /** @param {SubmitEvent} event */
  onSubmit = (event) => {
    event.preventDefault();
    const draft = /** @type {import("./settings/draft.js").Draft} */ (this.draft);
    const info = this.infoOf(draft);
    if (info) void this.open(recipeOf(draft, info), 0);
  };

  /** Begin with a recipe; a refusal stays in the drawer. @param {any} recipe @param {number} sample */
  async open(recipe, sample) {
    this.isBusy = true;
    this.playground.dismissProblem();
    this.update();
    const isOpened = await this.playground.open(recipe, sample);
    this.isBusy = false;
    if (isOpened) this.playground.showSettings(false);
    this.update();
  }

  onClose = () => {
    this.playground.dismissProblem();
    this.playground.showSettings(false);
  };

  /** @param {MouseEvent} event */
  onBackdrop = (event) => {
    if (event.target instanceof HTMLDialogElement) this.playground.showSettings(false);
  };
}

customElements.define("bp-settings", Settings);

import * as api from "../api/client.js";
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";
import "./bp-own-data.js";
import { changed, draftOf, recipeOf } from "./settings/draft.js";
import { PRESETS } from "./settings/presets.js";
import { dataSection, learningSection, networkSection, startSection } from "./settings/sections.js";

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
              ${this.sections(this.draft)}
            </div>
            <footer>
              <div role="alert">${problem ? html`<p class="form-problem">${problem}</p>` : nothing}</div>
              <div class="drawer-actions">
                ${this.isChanged ? html`<button type="button" @click=${() => { this.discard(recipe); this.update(); }}>${t("settings.discard")}</button>` : nothing}
                <button type="submit" class="primary" ?disabled=${this.isBusy || this.datasets.length === 0}>${t("settings.apply")}</button>
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
      void this.loadDatasets();
    }
    if (!isSettingsOpen && dialog.open) dialog.close();
  }

  /** @param {import("./settings/draft.js").Draft} draft */
  sections(draft) {
    /** @param {Partial<import("./settings/draft.js").Draft>} change */
    const change = (change) => {
      this.draft = changed(/** @type {import("./settings/draft.js").Draft} */ (this.draft), change);
      this.update();
    };
    return [
      dataSection(draft, this.datasets, change, html`<bp-own-data class="wide"></bp-own-data>`),
      networkSection(draft, change),
      startSection(draft, change),
      learningSection(draft, change),
    ];
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
    this.draft = recipe.dataset ? draftOf(recipe) : null;
  }

  async loadDatasets() {
    if (this.datasets.length) return;
    await this.playground.attempt(async () => {
      this.datasets = await api.getDatasets();
    });
    this.update();
  }

  /** @param {CustomEvent} event */
  onOwnData = ({ detail }) => {
    this.datasets = [...this.datasets, detail];
    this.draft = changed(/** @type {import("./settings/draft.js").Draft} */ (this.draft), { dataset: detail.name, options: {} });
    this.update();
  };

  /** @param {SubmitEvent} event */
  onSubmit = (event) => {
    event.preventDefault();
    const draft = /** @type {import("./settings/draft.js").Draft} */ (this.draft);
    const info = this.datasets.find(({ name }) => name === draft.dataset);
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

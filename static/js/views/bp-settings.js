import * as api from "../api/client.js";
import { html, nothing } from "../vendor/lit.js";
import { whenClosed } from "../core/dialog.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";
import { stylesheet } from "../core/stylesheet.js";
import { consistent, draftOf, GIVEN, hasSameRows, patchBetween, recipeOf } from "./settings/draft.js";
import { offeredChoices, offeredDatasets } from "./offers.js";
import { KnownCut } from "./settings/cut.js";
import { OwnTable } from "./settings/own-table.js";
import { PRESETS } from "./settings/presets.js";
import { dataSection, learningSection, networkSection, outputSection, startSection } from "./settings/sections.js";

await Promise.all([stylesheet("css/settings.css"), stylesheet("css/table.css"), stylesheet("css/datasets.css"), stylesheet("css/layer.css")]);

/** The drawer in which one sets up a new beginning, or how to learn from here on. What is typed stays until it is used or discarded. */
export class Settings extends StoreElement {
  constructor() {
    super();
    /** @type {import("./settings/draft.js").Draft | null} */
    this.draft = null;
    /** What the page has, as a draft. @type {import("./settings/draft.js").Draft | null} */
    this.unchanged = null;
    /** @type {import("./settings/draft.js").DatasetInfo[]} */
    this.datasets = [];
    /** What the engine offers. @type {import("./settings/choices.js").Choices | null} */
    this.choices = null;
    this.isBusy = false;
    /** The choices and sets on their way. @type {Promise<void>} */
    this.loading = Promise.resolve();
    this.cut = new KnownCut(() => this.update());
    this.own = new OwnTable(() => this.update(), (stored, before) => this.useOwn(stored, before));
  }

  /** @override @param {import("../state.js").State} state */
  template({ recipe, session, isSettingsOpen, problem }) {
    if (recipe && session && this.choices) this.follow(draftOf(recipe, session, this.choices));
    const isNewBeginning = this.draft !== null && this.patch === null && (session?.step ?? 0) > 0;
    return html`<dialog class="drawer ${this.own.isOpen ? "has-table" : ""}" aria-labelledby="settings-title" @cancel=${this.onClosed} @close=${this.onClosed} @click=${this.onBackdrop}>
      ${isSettingsOpen
        ? html`<form @submit=${this.onSubmit}>
            <header><h2 id="settings-title">${t("settings.title")}</h2>
              <button type="button" class="icon" aria-label=${t("settings.close")} @click=${() => this.playground.showSettings(false)}>✕</button></header>
            <div class="drawer-body">
              <section class="presets" aria-label=${t("settings.presets")}>${PRESETS.map((preset) => this.preset(preset))}</section>
              ${this.draft && this.choices ? this.sections(this.draft, this.choices) : html`<p class="quiet">${t("app.loading")}</p>`}
            </div>
            <footer>
              ${isNewBeginning ? html`<p class="quiet">${t("settings.restart_hint", { count: session?.step ?? 0 })}</p>` : nothing}
              <div role="alert">${problem ? html`<p class="form-problem">${problem}</p>` : nothing}</div>
              <div class="drawer-actions">
                ${this.isChanged ? html`<button type="button" @click=${() => this.discard()}>${t("settings.discard")}</button>` : nothing}
                <button type="submit" class="primary" ?disabled=${this.isBusy || this.own.isChecking || this.choices === null}>${t(this.patch ? "settings.from_here" : isNewBeginning ? "settings.restart" : "settings.apply")}</button>
              </div>
            </footer>
          </form>`
        : nothing}
    </dialog>`;
  }

  /** @override @param {import("../state.js").State} state */
  updated({ isSettingsOpen, givenTable }) {
    const dialog = /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
    if (isSettingsOpen && !dialog.open) {
      dialog.showModal();
      this.loading = this.loadChoices();
    }
    if (!isSettingsOpen && dialog.open) dialog.close();
    if (isSettingsOpen && givenTable) void this.takeTable(givenTable);
  }

  /** @param {import("./settings/draft.js").Draft} draft @param {import("./settings/choices.js").Choices} choices */
  sections(draft, choices) {
    /** @param {Partial<import("./settings/draft.js").Draft>} change */
    const change = (change) => {
      if ("dataset" in change) this.own.setAside();
      this.change(change);
    };
    return [
      dataSection(draft, choices, this.datasets, this.cut.of(draft, this.datasets.find(({ name }) => name === draft.dataset)), change, this.own.template()),
      networkSection(draft, choices, change),
      outputSection(draft, choices, this.infoOf(draft), change),
      startSection(draft, choices, change),
      learningSection(draft, choices, change),
    ];
  }

  /** @param {Partial<import("./settings/draft.js").Draft>} change */
  change(change) {
    const { choices, draft, unchanged } = this;
    if (!choices || !draft || !unchanged) return;
    this.draft = consistent(draft, change, unchanged, choices, (one) => this.infoOf(one));
    this.update();
  }

  /**
   * What is to be known about the data: features, classes and, but for given rows, the task.
   * @param {import("./settings/draft.js").Draft} draft
   * @returns {import("./settings/draft.js").Needs | undefined}
   */
  infoOf({ dataset }) {
    const { model } = this.playground.state.recipe;
    return dataset === GIVEN ? { features: model.inputs, classes: model.output.units } : this.datasets.find(({ name }) => name === dataset);
  }

  /** @param {import("./settings/presets.js").Preset} preset */
  preset({ name, units, recipe }) {
    const open = async () => {
      const { recipe: chosen, sample } = await recipe();
      this.own.setAside();
      await this.use(() => this.playground.open(chosen, sample));
    };
    return html`<button type="button" ?disabled=${this.isBusy} @click=${open}>
      <b>${t(`settings.preset.${name}`)}</b><span>${units.join(" – ")}</span><small>${t(`settings.preset.${name}.about`)}</small></button>`;
  }

  get isChanged() {
    // JSON would say of a field that is refused (NaN) that it is left empty.
    const told = (/** @type {unknown} */ draft) => JSON.stringify(draft, (_, value) => (Number.isNaN(value) ? "NaN" : value));
    return this.own.isPending || told(this.draft) !== told(this.unchanged);
  }

  /** The change of how to learn that is all this draft asks for; null where it asks for a new beginning. */
  get patch() {
    return this.own.isPending ? null : this.draft && this.unchanged && patchBetween(this.unchanged, this.draft);
  }

  /** Begin the draft again when the page has something else. @param {import("./settings/draft.js").Draft} unchanged */
  follow(unchanged) {
    if (JSON.stringify(unchanged) === JSON.stringify(this.unchanged)) return;
    this.unchanged = this.draft = unchanged;
  }

  discard() {
    this.draft = this.unchanged;
    this.own.setAside();
    this.update();
  }

  async loadChoices() {
    await this.playground.attempt(async () => {
      if (!this.choices) [this.datasets, this.choices] = await Promise.all([offeredDatasets(), offeredChoices()]);
      await this.loadOwn();
    });
    this.update();
    const { settingsPart } = this.playground.state;
    if (settingsPart) /** @type {HTMLElement | null} */ (this.querySelector(`[data-part="${settingsPart}"] :is(input, select)`))?.focus();
  }

  /** Read a table that was dropped on the page, and show it. @param {import("../core/brought-file.js").BroughtFile} file */
  async takeTable(file) {
    this.playground.store.set({ givenTable: null });
    // The sets that the table is then offered with come first.
    await this.loading;
    await this.own.takeFile(file);
    this.querySelector(".own-data")?.scrollIntoView({ block: "start" });
    /** @type {HTMLElement | null} */ (this.querySelector(".own-data summary"))?.focus({ preventScroll: true });
  }

  /** A session that was opened by its link has a table that is not among the named sets. */
  async loadOwn() {
    const name = this.playground.state.recipe?.dataset?.name;
    if (!name || this.datasets.some((info) => info.name === name)) return;
    this.datasets = [...this.datasets, await api.getDataset(name)];
  }

  /** @param {any} stored the person's own table, as the server has read it @param {any} before the same, read by other choices */
  useOwn(stored, before) {
    const { name } = stored;
    const isInUse = before?.name === this.unchanged?.dataset;
    this.datasets = [...this.datasets.filter((info) => isInUse || info.name !== before?.name), stored];
    // How the rows of the last table were cut and scaled goes for this one too.
    const { held_out_fraction, scaling } = this.draft?.options ?? {};
    const options = Object.fromEntries(Object.entries({ held_out_fraction, scaling }).filter(([, value]) => value !== undefined));
    this.change({ dataset: name, options });
  }

  /** @param {SubmitEvent} event */
  onSubmit = async (event) => {
    event.preventDefault();
    if (this.own.isPending && !(await this.own.check())) return;
    const [draft, unchanged] = /** @type {import("./settings/draft.js").Draft[]} */ ([this.draft, this.unchanged]);
    const { patch, playground } = this;
    if (patch) return void this.use(() => playground.editing.make({ key: "learning", forward: patch, back: patchBetween(draft, unchanged) }));
    const info = this.infoOf(draft);
    const sample = hasSameRows(draft, unchanged) ? playground.state.sample : 0;
    if (info) void this.use(() => playground.open(recipeOf(draft, info), sample));
  };

  /** Begin with a recipe, or change how to learn; a refusal stays in the drawer. @param {() => Promise<unknown>} action */
  async use(action) {
    this.isBusy = true;
    this.playground.dismissProblem();
    this.update();
    await action();
    this.isBusy = false;
    if (this.playground.state.problem === null) this.playground.showSettings(false);
    this.update();
  }

  onClosed = whenClosed(() => {
    this.playground.dismissProblem();
    this.playground.showSettings(false);
  });

  /** @param {MouseEvent} event */
  onBackdrop = (event) => {
    if (event.target instanceof HTMLDialogElement) this.playground.showSettings(false);
  };
}

customElements.define("bp-settings", Settings);

import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";
import { stylesheet } from "../core/stylesheet.js";
import { datasetName } from "./dataset-name.js";
import { datasetPicture, pictureOfRows } from "./dataset-picture.js";
import { offeredChoices, offeredDatasets } from "./offers.js";
import { consistent, draftOf, GIVEN, recipeOf } from "./settings/draft.js";

await stylesheet("css/datasets.css");

/** The data sets as pictures: a press begins with one, in the network shown as far as that fits. */
export class Datasets extends StoreElement {
  /** @type {import("./settings/choices.js").Choices | null} */
  choices = null;
  /** @type {import("./settings/draft.js").DatasetInfo[]} */
  datasets = [];
  /** Why what was pressed could not be done. @type {string | null} */
  problem = null;
  /** What had the focus before. @type {any} */
  opener = null;

  /** @override @param {import("../state.js").State} state */
  template({ isChoosingData, recipe }) {
    const given = recipe?.batch ? pictureOfRows(recipe.batch) : null;
    const current = recipe?.dataset?.name ?? GIVEN;
    return html`<div class="dataset-menu" popover role="dialog" aria-labelledby="dataset-menu-title" @beforetoggle=${this.onToggle}>
      ${isChoosingData ? html`<header><h2 id="dataset-menu-title">${t("settings.dataset")}</h2>
          <button class="icon" aria-label=${t("layer.close")} @click=${() => this.menu?.hidePopover()}>✕</button></header>
        <div class="datasets" role="group" aria-label=${t("settings.dataset")}>
          ${recipe?.batch ? html`<button class="dataset" aria-pressed="true" @click=${() => this.menu?.hidePopover()}>${given ? datasetPicture(given) : nothing}<span>${t("settings.given_rows")}</span></button>` : nothing}
          ${this.datasets.map(({ name, title, picture }) => html`<button class="dataset" aria-pressed=${name === current} @click=${() => this.choose(name)}>
            ${datasetPicture(picture)}<span>${datasetName(name, title)}</span></button>`)}
        </div>
        <div role="alert">${this.problem ? html`<p class="form-problem">${this.problem}</p>` : nothing}</div>
        <button class="to-settings" @click=${this.openSettings}>${t("hands.data_settings")}</button>` : nothing}</div>`;
  }

  /** @override @param {import("../state.js").State} state */
  updated({ isChoosingData }) {
    const { menu } = this;
    const isOpen = menu?.matches(":popover-open");
    if (isChoosingData && !isOpen) {
      this.problem = null;
      this.opener = document.activeElement;
      menu?.showPopover();
      void this.know();
    }
    if (!isChoosingData && isOpen) menu?.hidePopover();
  }

  async know() {
    try {
      const [datasets, choices] = await Promise.all([offeredDatasets(), offeredChoices()]);
      const { recipe } = this.playground.state;
      const own = recipe?.dataset?.name;
      // A table that somebody brought is not among the named ones.
      const isNamed = !own || datasets.some(({ name }) => name === own);
      this.datasets = isNamed ? datasets : [...datasets, await this.playground.api.getDataset(own)];
      this.choices = choices;
    } catch {
      this.problem = t("problem.unreachable");
    }
    this.update();
    /** @type {HTMLElement | null} */ (this.querySelector(".dataset[aria-pressed=true]"))?.focus();
  }

  /** @param {string} dataset */
  async choose(dataset) {
    const { playground, choices, datasets } = this;
    if (playground.state.recipe?.dataset?.name === dataset) return this.menu?.hidePopover();
    if (!choices) return;
    const infoOf = (/** @type {string} */ name, /** @type {any} */ model) =>
      name === GIVEN ? { features: model.inputs, classes: model.output.units } : datasets.find((info) => info.name === name);
    const isDone = await playground.beginAgain(({ recipe, session }) => {
      const draft = draftOf(recipe, session, choices);
      const next = consistent(draft, { dataset, options: {} }, draft, choices, (one) => infoOf(one.dataset, recipe.model));
      const info = infoOf(dataset, recipe.model);
      return info ? { recipe: recipeOf(next, info), edits: [], sample: 0 } : null;
    });
    this.problem = isDone ? null : playground.state.problem;
    if (isDone) this.menu?.hidePopover();
    else playground.dismissProblem();
    this.update();
  }

  openSettings = () => {
    this.menu?.hidePopover();
    this.playground.showSettings(true);
  };

  /** @param {any} event */
  onToggle = (event) => {
    if (event.newState !== "closed") return;
    // What has the focus is gone before the browser could give it back.
    if (this.contains(document.activeElement)) this.opener?.focus();
    this.playground.inspector.chooseData(false);
  };

  get menu() {
    return /** @type {HTMLElement | null} */ (this.querySelector(".dataset-menu"));
  }
}

customElements.define("bp-datasets", Datasets);

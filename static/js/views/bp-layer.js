import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { number } from "../core/format.js";
import { nameOf, t } from "../core/i18n.js";
import { stylesheet } from "../core/stylesheet.js";
import { isWide, MAX_UNITS_DRAWN } from "../draw/geometry.js";
import { continuation, exchanged, unitToCompare } from "../trace/change/exchange.js";
import { reshaped, withLayerAfter, withoutLayer, withUnits } from "../trace/change/reshape.js";
import { activationPicture } from "./activation-picture.js";
import { offeredChoices } from "./offers.js";

await stylesheet("css/layer.css");

/** Between the title and what it opens, and to the edge of the window, in px. */
const AIR = 6;
const EDGE = 8;

/** What a layer's title opens: its units, its activation among all that there are, and the layers beside it. */
export class LayerMenu extends StoreElement {
  /** What the engine offers. @type {import("./settings/choices.js").Choices | null} */
  choices = null;
  /** Why what was pressed could not be done. @type {string | null} */
  problem = null;
  /** What had the focus before. @type {any} */
  opener = null;

  /** @override @param {import("../state.js").State} state */
  template({ layerMenu, session }) {
    const layer = layerMenu && session?.model.hidden[layerMenu.layer - 1];
    return html`<div class="layer-menu" popover role="dialog" aria-labelledby="layer-menu-title" @beforetoggle=${this.onToggle} @keydown=${(/** @type {KeyboardEvent} */ event) => event.stopPropagation()}>
      ${layer ? this.content(layerMenu.layer, layer, session.model.hidden) : nothing}</div>`;
  }

  /** @param {number} layer @param {import("../trace/change/reshape.js").Layer} own @param {import("../trace/change/reshape.js").Layer[]} hidden */
  content(layer, { units, activation }, hidden) {
    const most = this.choices ? this.choices.most_layers - 1 : Infinity;
    const isFull = hidden.length >= most;
    const reshape = (/** @type {(hidden: import("../trace/change/reshape.js").Layer[]) => import("../trace/change/reshape.js").Layer[]} */ make) => () => this.use((state) => reshaped(state, make(state.session?.model.hidden)));
    const to = (/** @type {number} */ count) => reshape((layers) => withUnits(layers, layer, count));
    return html`<header><h2 id="layer-menu-title">${t("layer.title", { layer: number(layer) })}</h2>
        <button class="icon" aria-label=${t("layer.close")} @click=${() => this.menu?.hidePopover()}>✕</button></header>
      <div class="layer-units" role="group" aria-label=${t("layer.units")}><span>${t("layer.units")}</span>
        <button aria-label=${t("hands.fewer", { layer })} ?disabled=${units <= 1} @click=${to(units - 1)}>−</button>
        <output>${number(units)}</output>
        <button aria-label=${t("hands.more", { layer })} ?disabled=${units >= this.mostUnits} @click=${to(units + 1)}>+</button></div>
      <div class="activations" role="group" aria-label=${t("settings.activation")}>
        ${this.choices?.activations.map((choice) => html`<button aria-pressed=${choice.name === activation} @click=${() => this.exchange(layer, choice.name)}>
          ${activationPicture(choice.curve)}<span>${nameOf("activation", choice.name)}</span></button>`) ?? html`<p class="quiet">${t("app.loading")}</p>`}
      </div>
      <div role="alert">${this.problem ? html`<p class="form-problem">${this.problem}</p>` : nothing}</div>
      <div class="layer-actions">
        <button @click=${() => this.compare(layer)}>${t("layer.compare")}</button>
        <button ?disabled=${isFull} @click=${reshape((layers) => withLayerAfter(layers, layer))}>${isFull ? t("settings.most_layers", { count: most }) : t("layer.insert")}</button>
        <button @click=${reshape((layers) => withoutLayer(layers, layer))}>${t("layer.remove")}</button>
      </div>
      <p class="quiet">${t("layer.weights")}</p>`;
  }

  /** A network that is drawn unit by unit stays one; of rows there can be more. */
  get mostUnits() {
    const { batch } = this.playground.state;
    return batch && isWide(batch.program) ? Infinity : MAX_UNITS_DRAWN;
  }

  /** @override @param {import("../state.js").State} state */
  updated({ layerMenu, session, isTraining }) {
    const menu = this.menu;
    if (!menu) return;
    const isOpen = menu.matches(":popover-open");
    const isWanted = layerMenu !== null && !isTraining && Boolean(session?.model.hidden[layerMenu.layer - 1]);
    if (isWanted && !isOpen) this.open();
    if (!isWanted && isOpen) menu.hidePopover();
    else if (!isWanted && layerMenu) this.playground.inspector.openLayer(null);
  }

  open() {
    this.problem = null;
    this.opener = document.activeElement;
    this.menu?.showPopover();
    void this.know();
    this.stand();
  }

  async know() {
    try {
      this.choices = await offeredChoices();
    } catch {
      this.problem = t("problem.unreachable");
    }
    this.update();
    this.stand();
    /** @type {HTMLElement | null} */ (this.querySelector(".activations [aria-pressed=true]"))?.focus();
  }

  /** Below the title, inside the window; on a narrow one the style sheet has another place for it. */
  stand() {
    const { layerMenu } = this.playground.state;
    const menu = this.menu;
    if (!menu || !layerMenu) return;
    const { width, height } = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(EDGE, Math.min(layerMenu.x, innerWidth - width - EDGE))}px`;
    menu.style.top = `${Math.max(EDGE, Math.min(layerMenu.y + AIR, innerHeight - height - EDGE))}px`;
  }

  /** @param {number} layer @param {string} name */
  exchange(layer, name) {
    void this.use((state) => continuation(state, exchanged(state.session?.model, layer, name)));
  }

  /** Begin again with another network; what is refused is said here. @param {Parameters<import("../playground.js").Playground["beginAgain"]>[0]} make */
  async use(make) {
    const { playground } = this;
    const isDone = await playground.beginAgain(make);
    this.problem = isDone ? null : playground.state.problem;
    if (!isDone) playground.dismissProblem();
    this.update();
  }

  /** See the same step with another activation beside this one. @param {number} layer */
  compare(layer) {
    const { state, inspector } = this.playground;
    this.menu?.hidePopover();
    inspector.exchange({ layer, unit: unitToCompare(state, layer) });
  }

  /** @param {any} event */
  onToggle = (event) => {
    if (event.newState !== "closed") return;
    // What has the focus is gone before the browser could give it back.
    if (this.contains(document.activeElement)) this.opener?.focus();
    this.playground.inspector.openLayer(null);
  };

  get menu() {
    return /** @type {any} */ (this.querySelector(".layer-menu"));
  }
}

customElements.define("bp-layer", LayerMenu);

import { html } from "../../vendor/lit.js";
import { StoreElement } from "../../core/element.js";
import { t } from "../../core/i18n.js";

/** Base of a lab's instruments: a heading, a picture, its twin as a table, what can be done. */
export class Instrument extends StoreElement {
  /** Whether its numbers stand in a table. */
  isTable = false;
  /** Room for the picture; null: to be measured. @type {{width: number, height: number} | null} */
  room = null;
  resized = new ResizeObserver(([{ contentRect: { width, height } }]) => {
    if (this.room?.width === width && this.room.height === height) return;
    this.room = { width, height };
    this.update();
  });
  /** @type {Element | null} */
  observed = null;

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.observed = null;
  }

  get instruments() {
    const { lab } = this.labs;
    if (!lab) throw new Error("There is no lab under way.");
    return lab.instruments;
  }

  /**
   * @param {string} title
   * @param {{picture: unknown, table: unknown, beside?: unknown, controls?: unknown, kind?: string}} parts kind: a class of its looks
   */
  frame(title, { picture, table, beside = "", controls = "", kind = "" }) {
    return html`<section class="instrument ${kind}" aria-label=${title}>
      <header><h2>${title}</h2>
        <button type="button" class="as-table" aria-pressed=${this.isTable} @click=${this.turn}>${t("lab.stage.table")}</button></header>
      ${this.isTable ? html`<div class="twin" tabindex="0" role="region" aria-label=${title}>${table}</div>` : html`${beside}<div class="plot">${picture}</div>`}
      ${controls}
    </section>`;
  }

  /** @override @param {import("../../state.js").State} _state */
  updated(_state) {
    const plot = this.querySelector(".plot");
    if (plot === this.observed) return;
    this.resized.disconnect();
    this.observed = plot;
    if (plot) this.resized.observe(plot);
  }

  turn = () => {
    this.isTable = !this.isTable;
    this.update();
  };
}

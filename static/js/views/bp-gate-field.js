import { html } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { number } from "../core/format.js";
import { t } from "../core/i18n.js";
import { FRAME, drawGates, gateLayout } from "../draw/gates.js";
import { layerName } from "./layer-name.js";
import { colour } from "../core/theme.js";
import { sharp } from "./palette.js";

const HEIGHT = 152;

/** Gates of many units and samples as small squares; the pointer reads one, the arrow keys walk through the samples. */
export class GateField extends StoreElement {
  /** @override */
  static mayFollow = true;

  constructor() {
    super();
    /** @type {import("../trace/gates.js").GateLayer[]} */
    this.shownLayers = [];
    /** Samples of the batch. */
    this.m = 0;
    /** Layers of the network. */
    this.depth = 0;
    /** @type {{layer: number, unit: number, sample: number, value: number, isAsked: boolean} | null} what the pointer is at */
    this.pointed = null;
    this.scrolledTo = -1;
    /** Room for the squares in px; null: to be measured, which makes the browser lay out the page. @type {number | null} */
    this.room = null;
    this.resized = new ResizeObserver(() => {
      this.room = null;
      this.update();
    });
  }

  /** @param {import("../trace/gates.js").GateLayer[]} layers */
  set layers(layers) {
    this.shownLayers = layers;
    if (this.isConnected) queueMicrotask(() => this.update());
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    for (const part of [this, this.labels]) this.resized.observe(part);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.resized.disconnect();
  }

  get labels() {
    return /** @type {HTMLElement} */ (this.querySelector(".field-labels"));
  }

  get layout() {
    return gateLayout(this.shownLayers, this.m, { width: this.room ?? 0, height: HEIGHT });
  }

  /** @override @param {import("../state.js").State} state */
  template({ sample, live }) {
    const { blocks, cellHeight } = this.layout;
    return html`
      <div class="field">
        <div class="field-labels" aria-hidden="true">
          ${blocks.map(({ rows }, place) => html`<span .style=${`height: ${rows.length * cellHeight}px`}
            >${layerName(this.shownLayers[place].layer, this.depth)}</span>`)}
        </div>
        <div class="field-scroll">
          <canvas
            role="slider"
            tabindex="0"
            aria-label=${t("gates.slider")}
            aria-valuemin="1"
            aria-valuemax=${this.m}
            aria-valuenow=${sample + 1}
            aria-valuetext=${this.sentence(sample)}
            aria-disabled=${live !== null}
            @click=${this.onClick}
            @pointermove=${this.onPoint}
            @pointerleave=${this.onLeave}
            @keydown=${this.onKey}
          ></canvas>
        </div>
      </div>
      <p class="quiet readout">${this.readout(sample)}</p>
    `;
  }

  /** @override @param {import("../state.js").State} state */
  updated({ sample, live }) {
    const canvas = /** @type {HTMLCanvasElement} */ (this.querySelector("canvas"));
    this.room ??= this.clientWidth - this.labels.offsetWidth;
    const layout = this.layout;
    const colours = {
      open: colour("gate"), shut: colour("gate-shut"), frame: colour("ink"), strike: colour("shut"),
    };
    drawGates(sharp(canvas, layout.width, layout.height), { ...layout, shown: live ? null : sample, colours });
    if (!live && sample !== this.scrolledTo) {
      this.scrolledTo = sample;
      const scroller = /** @type {HTMLElement} */ (canvas.parentElement);
      const left = FRAME + sample * layout.cellWidth;
      if (left < scroller.scrollLeft || left + layout.cellWidth > scroller.scrollLeft + scroller.clientWidth)
        scroller.scrollLeft = left - scroller.clientWidth / 2;
    }
  }

  /** @param {number} sample */
  sentence(sample) {
    const rows = this.shownLayers.flatMap((layer) => layer.rows);
    // How many are open would tell what is to be predicted.
    if (rows.some(({ asked }) => asked === sample)) return t("scope.sample_number", { sample: number(sample + 1) });
    const open = rows.filter(({ values }) => values[sample] !== 0).length;
    return t("gates.sentence", { sample: sample + 1, open, units: rows.length });
  }

  /** @param {number} sample */
  readout(sample) {
    if (!this.pointed) return this.sentence(sample);
    const { layer, unit, sample: column, value, isAsked } = this.pointed;
    return t("gates.readout", { layer: layerName(layer, this.depth), unit: unit + 1, sample: column + 1, value: isAsked ? "?" : number(value) });
  }

  /** @param {MouseEvent} event */
  cellAt(event) {
    const { blocks, cellWidth, cellHeight } = this.layout;
    const sample = Math.floor((event.offsetX - FRAME) / cellWidth);
    const place = blocks.findIndex(({ rows, top }) => event.offsetY >= top && event.offsetY < top + rows.length * cellHeight);
    if (place < 0 || sample < 0 || sample >= this.m) return null;
    const row = blocks[place].rows[Math.floor((event.offsetY - blocks[place].top) / cellHeight)];
    return { layer: this.shownLayers[place].layer, unit: row.unit, sample, value: row.values[sample], isAsked: row.asked === sample };
  }

  /** @param {PointerEvent} event */
  onPoint = (event) => {
    this.pointed = this.cellAt(event);
    this.update();
  };

  onLeave = () => {
    this.pointed = null;
    this.update();
  };

  /** @param {MouseEvent} event */
  onClick = (event) => this.show(this.cellAt(event)?.sample);

  /** @param {KeyboardEvent} event */
  onKey = (event) => {
    const { sample } = this.playground.state;
    const next = { ArrowRight: sample + 1, ArrowLeft: sample - 1, Home: 0, End: this.m - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.show(next);
  };

  /** @param {number | undefined} sample */
  show(sample) {
    if (sample === undefined || sample < 0 || sample >= this.m || this.playground.state.live) return;
    void this.playground.inspector.showSample(sample);
  }
}

customElements.define("bp-gate-field", GateField);

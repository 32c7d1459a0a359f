import { html, nothing } from "../../vendor/lit.js";
import { decimals, number } from "../../core/format.js";
import { currentLanguage, t } from "../../core/i18n.js";
import { colour, currentTheme } from "../../core/theme.js";
import { acrossOf, depthPlot, drawDepth, layerAt, nearest } from "../../draw/depth-plot.js";
import { spread } from "../../draw/ticks.js";
import { sharp } from "../palette.js";
import { chosenBody, controlsTemplate, valueName, whyEmpty } from "./controls.js";
import { gripTemplate } from "./grip.js";
import { Instrument } from "./instrument.js";

/**
 * @typedef {import("../../draw/depth-plot.js").Depth} Depth
 * @typedef {import("../../draw/depth-plot.js").Curve} Curve
 * @typedef {import("../../draw/depth-plot.js").Logarithm} Logarithm
 */

/** One colour an activation: those of classes, of which none means a sign. */
const HUES = { relu: "class-2", sigmoid: "class-0", tanh: "class-1" };
/** One width of line for the first weights. */
const WIDTHS = { he: 3, xavier: 1.75, normal: 1 };
/** So narrow a picture has room for numbers alone at its lines. */
const NARROW = 560;
/** Rows to show of a table of a thousand layers. */
const ROWS = 11;
/** Letters and a number of a label, in its own size; between it and its line, in px. */
const [LETTER, NUMBER, GAP] = [0.58, 4.8, 18];
/** A label in one line, and in two: with what theory says. */
const [LINE, TWO_LINES] = [19, 36];

/** @param {Curve} curve */
const hueOf = ({ activation }) => HUES[/** @type {keyof typeof HUES} */ (activation)] ?? "class-4";
/** @param {Curve} curve */
const widthOf = ({ initializer }) => WIDTHS[/** @type {keyof typeof WIDTHS} */ (initializer)] ?? 2;
/** @param {Curve} curve */
const nameOfCurve = ({ activation, initializer }) => t("lab.depth.curve", { activation: valueName("activations", activation), weights: valueName("initializers", initializer) });

/** The exponent of a size, as it stands beside a 10. @param {number} logarithm */
const exponent = (logarithm) => decimals(logarithm, Math.abs(logarithm) >= 9.95 ? 1 : 2);
/** So near to 1, a size has no exponent to be seen. */
const ONE = 0.005;

/** A size by its logarithm. @param {Logarithm | undefined} logarithm */
function size(logarithm) {
  const value = Number(logarithm);
  if (!Number.isFinite(value)) return value === -Infinity ? "0" : "\u2013";
  return Math.abs(value) < ONE ? "1" : html`10<sup>${exponent(value)}</sup>`;
}

/** The same for the ear. @param {Logarithm | undefined} logarithm */
function spoken(logarithm) {
  const value = Number(logarithm);
  if (!Number.isFinite(value)) return "0";
  return Math.abs(value) < ONE ? "1" : t("lab.depth.power", { exponent: exponent(value) });
}

/** How much of a gradient is left on its way through the layers of deep random networks. */
export class DepthInstrument extends Instrument {
  /** The layer whose numbers are read. */
  layer = 1;
  /** @type {import("../../draw/depth-plot.js").Plot | null} */
  plot = null;
  /** What the plot was made from. @type {unknown[]} */
  plottedFrom = [];
  /** @type {unknown[]} */
  drawnFrom = [];

  /** @override @param {import("../../state.js").State} state */
  template({ lab }) {
    if (!lab) return nothing;
    const { experiment, stage } = lab;
    const layers = Number((experiment?.body ?? chosenBody(lab)).layers ?? 100);
    /** @type {Depth | null} */
    const result = experiment?.result ?? null;
    this.layer = Math.min(this.layer, layers);
    this.measure(result, layers);
    const isOld = stage.progress !== null;
    const why = whyEmpty(lab);
    const controls = controlsTemplate(lab, this.instruments.runs);
    return this.frame(t("lab.depth.title"), {
      picture: this.picture(result, layers, isOld, why),
      table: result ? this.table(result) : html`<p class="quiet">${why}</p>`,
      beside: this.key(result),
      controls,
    });
  }

  get isNarrow() {
    return (this.room?.width ?? 0) < NARROW;
  }

  /** Lay the lines out, where anything has changed. @param {Depth | null} result @param {number} layers */
  measure(result, layers) {
    const { room } = this;
    if (!room || room.width === 0) return;
    const { isNarrow } = this;
    const from = [result, layers, room.width, room.height, currentTheme(), currentLanguage()];
    if (this.plot && from.every((part, at) => part === this.plottedFrom[at])) return;
    this.plottedFrom = from;
    this.plot = depthPlot(result, layers, { ...room, ...(isNarrow ? { left: 68, right: 48, top: 12, bottom: 34 } : { left: this.gutter(result), right: 60, top: 30, bottom: 52 }) });
  }

  /** Room for the lines' names and numbers. @param {Depth | null} result */
  gutter(result) {
    const size = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--text-small"));
    const longest = Math.max(0, ...(result?.curves ?? []).map((curve) => nameOfCurve(curve).length));
    return Math.min(0.4 * (this.room?.width ?? 0), Math.max(120, GAP + size * (LETTER * longest + NUMBER)));
  }

  /** @param {Depth | null} result @param {number} layers @param {boolean} isOld @param {string} why there is no result */
  picture(result, layers, isOld, why) {
    const { plot } = this;
    if (!plot) return nothing;
    const { box } = plot;
    const { isNarrow } = this;
    const place = (/** @type {number} */ x, /** @type {number} */ y) => `transform: translate(${x}px, ${y}px)`;
    const middle = (box.left + box.right) / 2;
    return html`<canvas aria-hidden="true" @pointerdown=${this.jump}></canvas>
      <div class="labels" aria-hidden="true">
        ${plot.rows.map(({ y, text }) => html`<span class="tick row-tick" .style=${place(box.right + 8, y)}>${text}</span>`)}
        ${plot.columns.map(({ at, x }) => html`<span class="tick column-tick" .style=${place(x, box.bottom + 12)}>${number(at)}</span>`)}
        ${isNarrow ? nothing : html`<span class="end is-last" .style=${place(box.right + 56, 2)}>${t("lab.depth.axis")}</span>
          <span class="end is-first" .style=${place(box.left, box.bottom + 30)}>${t("lab.depth.input")}</span>
          <span class="end is-middle" .style=${place(middle, box.bottom + 30)}>${t("lab.depth.layer")}</span>
          <span class="end is-last" .style=${place(box.right, box.bottom + 30)}>${t("lab.depth.loss")}</span>`}
        ${result ? this.labels(result) : html`<span class="empty" .style=${place(middle, (box.top + box.bottom) / 2)}>${why}</span>`}
      </div>
      ${result && !isOld ? this.grip(result, layers, plot) : nothing}`;
  }

  /** The lines' names, with their numbers in the layer that is read. @param {Depth} result */
  labels({ layer, curves }) {
    const { box, lines } = /** @type {import("../../draw/depth-plot.js").Plot} */ (this.plot);
    const { isNarrow } = this;
    const at = nearest(layer, this.layer);
    const areTwo = !isNarrow && TWO_LINES * (lines.length - 1) <= box.bottom - box.top;
    const heights = spread(lines.map(({ start }) => start), areTwo ? TWO_LINES : LINE, box.top, box.bottom - (areTwo ? LINE : 0));
    const x = acrossOf(box, this.plot?.layers ?? 1)(layer[at]);
    return curves.map((curve, line) => html`<i class="dot ${hueOf(curve)}" .style=${`transform: translate(${x}px, ${lines[line].median[2 * at + 1]}px)`}></i><span class="curve ${hueOf(curve)}" .style=${`transform: translate(${box.left - GAP}px, ${heights[line]}px)`}>${isNarrow ? nothing : `${nameOfCurve(curve)} `}<b>${size(curve.dz.median[at])}</b>
      ${areTwo && curve.theory ? html`<small>${t("lab.depth.theory")} ${size(curve.theory[at])}</small>` : nothing}</span>`);
  }

  /** @param {Depth} result @param {number} layers @param {import("../../draw/depth-plot.js").Plot} plot */
  grip(result, layers, plot) {
    const { box } = plot;
    const at = nearest(result.layer, this.layer);
    const said = result.curves.map((curve) => `${nameOfCurve(curve)}: ${spoken(curve.dz.median[at])}`).join("; ");
    return gripTemplate({
      kind: "is-layer", label: t("lab.depth.layer"), value: this.layer, low: 1, high: layers, step: 1, leap: Math.max(1, Math.round(layers / 10)),
      text: t("lab.depth.read", { layer: number(result.layer[at]), total: number(layers), sizes: said }),
      style: `transform: translate(${acrossOf(box, layers)(this.layer)}px, ${box.bottom}px); --rise: ${box.bottom - box.top}px`,
      valueAt: (x) => layerAt(plot, x),
      move: this.read,
    });
  }

  /** What is drawn how. @param {Depth | null} result */
  key(result) {
    if (!result) return html`<p class="key quiet">${t("lab.depth.about")}</p>`;
    const at = nearest(result.layer, this.layer);
    const { isNarrow } = this;
    return html`<ul class="key">
      <li><b>${t("lab.depth.at", { layer: number(result.layer[at]) })}</b></li>
      ${isNarrow
        ? result.curves.map((curve) => html`<li class=${hueOf(curve)}><span class="swatch ${curve.initializer}"></span>${nameOfCurve(curve)}</li>`)
        : html`<li><span class="swatch"></span>${t("lab.depth.median")}</li><li><span class="swatch band"></span>${t("lab.depth.band")}</li>`}
      ${result.curves.some(({ theory }) => theory) ? html`<li><span class="swatch dashed"></span>${t("lab.depth.theory.key")}</li>` : nothing}
    </ul>`;
  }

  /** @param {Depth} result */
  table({ layer, curves }) {
    const step = Math.max(1, Math.ceil((layer.length - 1) / (ROWS - 1)));
    const places = layer.map((_, at) => at).filter((at) => at % step === 0 || at === layer.length - 1);
    return curves.map((curve) => html`<table class="numbers"><caption>${nameOfCurve(curve)}: ${t("lab.depth.caption")}</caption>
      <thead><tr><th scope="col">${t("lab.depth.layer")}</th><th scope="col">${t("lab.depth.median")}</th><th scope="col">${t("lab.depth.band")}</th>${curve.theory ? html`<th scope="col">${t("lab.depth.theory")}</th>` : nothing}</tr></thead>
      <tbody>${places.map((at) => html`<tr><th scope="row">${number(layer[at])}</th>${cells(curve, at)}</tr>`)}</tbody></table>`);
  }

  /** @param {number} layer */
  read = (layer) => {
    this.layer = Math.round(layer);
    this.update();
  };

  /** Wherever the picture is pressed, the handle comes. @param {PointerEvent} event */
  jump = (event) => {
    const grip = /** @type {HTMLElement | null} */ (this.querySelector(".grip"));
    if (!grip || !this.plot || event.button !== 0) return;
    event.preventDefault();
    grip.focus({ preventScroll: true });
    grip.setPointerCapture(event.pointerId);
    this.read(layerAt(this.plot, event.offsetX));
  };

  /** @override @param {import("../../state.js").State} state */
  updated(state) {
    super.updated(state);
    const canvas = this.querySelector("canvas");
    const { plot, room } = this;
    if (!canvas || !plot || !room || !state.lab) return;
    const isOld = state.lab.stage.progress !== null;
    const from = [canvas, plot, isOld, currentTheme(), devicePixelRatio];
    if (from.every((part, at) => part === this.drawnFrom[at])) return;
    this.drawnFrom = from;
    /** @type {Curve[]} */
    const curves = state.lab.experiment?.result?.curves ?? [];
    drawDepth(sharp(canvas, room.width, room.height), plot, {
      grid: colour("line"), axis: colour("line-strong"), lines: curves.map((curve) => colour(hueOf(curve))), widths: curves.map(widthOf), isOld,
    });
  }
}

/** The numbers of a layer. @param {Curve} curve @param {number} at */
const cells = ({ dz, theory }, at) => html`<td><b>${size(dz.median[at])}</b></td><td class="range">${size(dz.tenth[at])} … ${size(dz.ninetieth[at])}</td>${theory ? html`<td>${size(theory[at])}</td>` : nothing}`;

customElements.define("bp-depth", DepthInstrument);

import { html, nothing, svg } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { number } from "../core/format.js";
import { t } from "../core/i18n.js";
import { gatesOfAllRows } from "../trace/measure/gates.js";
import { histogramsOf } from "../trace/measure/histogram.js";
import { layerName } from "./layer-name.js";

/** @typedef {import("../trace/measure/histogram.js").Histogram} Histogram */

/** The picture's own units; it is scaled to the width of the panel. */
const WIDTH = 300;
const HEIGHT = 44;
const FOOT = 14;
/** A count that is not 0 is seen. */
const LOWEST = 1.5;
/** How wide the bar of the values that are exactly 0 is. */
const ZERO_WIDTH = 4;

/** @param {number} share */
const percent = (share) => number(Math.round(share * 1000) / 10);

/** How z is spread, layer by layer, with the part that is off and the values that are exactly 0. */
export class HistogramView extends StoreElement {
  /** @override @param {import("../state.js").State} state */
  template({ batch, live }) {
    const trace = live ?? batch;
    if (!trace) return nothing;
    const histograms = histogramsOf(trace);
    if (histograms.length === 0) return html`<p class="quiet">${t("gates.none")}</p>`;
    return html`<div class="histograms" tabindex="0">${histograms.map((histogram) => this.layer(histogram, trace.program.depth))}</div>
      <ul class="legend">
        <li><span class="mark open" aria-hidden="true"></span>${t("histogram.on")}</li>
        <li><span class="mark shut" aria-hidden="true"></span>${t("histogram.off")}</li>
        <li><span class="mark zero" aria-hidden="true"></span>${t("histogram.zero")}</li>
      </ul>`;
  }

  /** @param {Histogram} histogram @param {number} depth */
  layer(histogram, depth) {
    const { layer, off, total, zeros, lost } = histogram;
    const known = gatesOfAllRows(this.playground.state).find((one) => one.layer === layer);
    const dead = known?.is_dead.filter(Boolean).length ?? 0;
    const facts = [
      t("histogram.share", { share: percent(off / total) }),
      known ? t("histogram.share_all", { share: percent(1 - known.share_on.reduce((sum, share) => sum + share, 0) / known.share_on.length) }) : "",
      zeros > 0 ? t("histogram.zeros", { count: zeros }) : "",
      dead > 0 ? t("histogram.dead", { count: dead }) : "",
      lost > 0 ? t("histogram.lost", { count: lost }) : "",
    ].filter(Boolean);
    return html`<figure class="histogram">
      <figcaption><b>${layerName(layer, depth)}</b> <span>${facts.join(" \u00b7 ")}</span></figcaption>
      ${picture(histogram)}
    </figure>`;
  }
}

/** @param {Histogram} histogram */
function picture({ bins, zeros, zerosOff }) {
  const highest = Math.max(1, zeros, ...bins.map(({ count }) => count));
  const [from, to] = [bins[0].from, bins[bins.length - 1].to];
  const across = (/** @type {number} */ value) => ((value - from) / (to - from)) * WIDTH;
  const high = (/** @type {number} */ count) => (count === 0 ? 0 : Math.max(LOWEST, (count / highest) * HEIGHT));
  /** @param {number} x @param {number} width @param {number} count @param {number} off @param {string} kind */
  const bar = (x, width, count, off, kind) => {
    const whole = high(count);
    const shut = off === count ? whole : (whole * off) / count;
    return svg`<rect class="on ${kind}" x=${x} y=${HEIGHT - whole} width=${width} height=${whole - shut}/>
      <rect class="off ${kind}" x=${x} y=${HEIGHT - shut} width=${width} height=${shut}/>`;
  };
  const zero = across(0);
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT + FOOT}" role="img" aria-label=${t("histogram.label", { low: number(from), high: number(to) })}>
    ${bins.map(({ from: start, to: end, count, off }) => bar(across(start) + 0.5, across(end) - across(start) - 1, count, off, ""))}
    <line class="ground" x1="0" y1=${HEIGHT} x2=${WIDTH} y2=${HEIGHT}></line>
    <line class="origin" x1=${zero} y1="0" x2=${zero} y2=${HEIGHT + 3}></line>
    ${zeros > 0 ? bar(zero - ZERO_WIDTH / 2, ZERO_WIDTH, zeros, zerosOff, "zero") : nothing}
    ${zero > 32 ? svg`<text x="0" y=${HEIGHT + 12}>${number(from)}</text>` : nothing}
    <text class=${zero < 12 ? "first" : zero > WIDTH - 12 ? "last" : "middle"} x=${zero} y=${HEIGHT + 12}>0</text>
    ${zero < WIDTH - 32 ? svg`<text class="last" x=${WIDTH} y=${HEIGHT + 12}>${number(to)}</text>` : nothing}
  </svg>`;
}

customElements.define("bp-histogram", HistogramView);

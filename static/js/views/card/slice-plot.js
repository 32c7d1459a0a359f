import { svg } from "../../vendor/lit.js";
import { number } from "../../core/format.js";

/**
 * The loss along one number: the curve, its tangent by backprop, and the chord between the two nudged places.
 *
 * @typedef {import("../../trace/measure/nudge.js").Slice} Slice
 */

const HEIGHT = 132;
const [TOP, BOTTOM, LEFT] = [8, 20, 60];

/**
 * @param {Slice} slice
 * @param {number} width px
 * @param {string} label says the same in words
 */
export function slicePlot(slice, width, label) {
  const { values, losses, value, loss, gradient, below, above } = slice;
  const finite = losses.filter(Number.isFinite);
  if (finite.length < 2) return "";
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const margin = (high - low) * 0.12 || 1e-3 * Math.max(1, Math.abs(high));
  const first = values[0];
  const room = { width: width - LEFT - 8, height: HEIGHT - TOP - BOTTOM };
  const x = (/** @type {number} */ at) => ((at - first) / (values[values.length - 1] - first)) * room.width;
  const y = (/** @type {number} */ at) => (1 - (at - low + margin) / (high - low + 2 * margin)) * room.height;
  const at = (/** @type {{value: number, loss: number}} */ place) => `${x(place.value).toFixed(1)},${y(place.loss).toFixed(1)}`;
  const curve = values.map((place, k) => ({ value: place, loss: losses[k] })).filter((place) => Number.isFinite(place.loss)).map(at).join(" ");
  const line = (/** @type {number} */ slope, /** @type {{value: number, loss: number}} */ through, /** @type {string} */ kind) => {
    const end = (/** @type {number} */ place) => y(through.loss + slope * (place - through.value));
    return Number.isFinite(slope) ? svg`<line class=${kind} x1="0" y1=${end(first)} x2=${room.width} y2=${end(values[values.length - 1])}></line>` : "";
  };
  const ticks = [first, value, values[values.length - 1]];
  return svg`<svg class="slice" width=${width} height=${HEIGHT} viewBox=${`0 0 ${width} ${HEIGHT}`} role="img" aria-label=${label}>
    <svg x=${LEFT} y=${TOP} width=${room.width} height=${room.height}>
      ${bands(slice).map(([from, to]) => svg`<rect class="same-gates" x=${x(from)} y="0" width=${x(to) - x(from)} height=${room.height}></rect>`)}
      <polyline class="loss" points=${curve}></polyline>
      ${line(gradient, { value, loss }, "tangent")}
      ${line(slice.slope, below, "chord-line")}
      <line class="chord" x1=${x(below.value)} y1=${y(below.loss)} x2=${x(above.value)} y2=${y(above.loss)}></line>
      ${[below, above].map((place) => svg`<circle class="nudged" cx=${x(place.value)} cy=${y(place.loss)} r="4"></circle>`)}
      <circle class="here" cx=${x(value)} cy=${y(loss)} r="3"></circle>
    </svg>
    <path class="axis" d=${`M${LEFT} ${TOP}v${room.height}h${room.width}`}></path>
    ${ticks.map((tick, place) => svg`<text class="tick ${["start", "middle", "end"][place]}" x=${LEFT + x(tick)} y=${HEIGHT - 5}>${number(rounded(tick))}</text>`)}
    ${[low, high].map((level) => svg`<text class="tick end" x=${LEFT - 6} y=${TOP + y(level) + 4}>${number(rounded(level))}</text>`)}
  </svg>`;
}

/** Where the gates are as they are now, when they are not everywhere. @param {Slice} slice @returns {[number, number][]} */
function bands({ values, masks_differ: differ, value }) {
  if (!differ.includes(true)) return [];
  const here = values.filter((_, k) => !differ[k]);
  return here.length > 1 ? [[Math.min(value, ...here), Math.max(value, ...here)]] : [];
}

/** Three digits are enough for an axis. @param {number} value */
const rounded = (value) => Number(value.toPrecision(3));

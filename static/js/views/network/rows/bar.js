import { svg } from "../../../vendor/lit.js";
import { exactly, number, signed } from "../../../core/format.js";

/**
 * A number as a bar from a zero line, its gradient as a thinner one upon it, and both in digits where there is room.
 *
 * @typedef {object} Bar
 * @property {string} name of the value, as "z1"
 * @property {string} cell "z1:4"
 * @property {number} x of the zero line
 * @property {number} y
 * @property {number} width of the bars' room; they may go half of it to each side
 * @property {number} height
 * @property {number | null} value
 * @property {number} scale size of a value that fills its side
 * @property {number | null} gradient
 * @property {{line: string, isGradient: boolean} | null} [said] what is written in place of these numbers
 * @property {number} gradientScale
 * @property {boolean} [isMute] whether its digits give way to newer ones of the same row
 * @property {{x: number, anchor: "start" | "end"} | null} text where digits stand
 * @property {boolean} hasTwoLines
 */

/** From the zero line, in px. @param {number} value @param {number} scale @param {number} half */
const lengthOf = (value, scale, half) => (Number.isFinite(value) ? Math.max(-1, Math.min(1, value / scale)) * half : 0);

/** @param {Bar} bar @param {() => void} onSelect */
export function barTemplate({ name, cell, x, y, width, height, value, scale, gradient, gradientScale, said = null, isMute = false, text, hasTwoLines }, onSelect) {
  const half = width / 2;
  const thin = Math.max(3, Math.round(height * 0.36));
  const length = value === null ? 0 : lengthOf(value, scale, half);
  const back = gradient === null ? 0 : lengthOf(gradient, gradientScale, half);
  const kind = value === null ? "unknown" : !Number.isFinite(value) ? "broken" : value < 0 ? "negative" : value > 0 ? "positive" : "zero";
  const title = [value === null ? name : `${name} = ${exactly(value)}`, gradient === null ? "" : `d${name} = ${exactly(gradient)}`].filter(Boolean).join("\n");
  const lines = isMute ? [] : said ? [said] : linesOf(value, gradient, hasTwoLines);
  const place = text ?? { x: x - half, anchor: "start" };
  return svg`<g class="row-bar ${kind}" data-cell=${cell} @click=${(/** @type {Event} */ event) => (event.stopPropagation(), onSelect())}>
    <title>${title}</title>
    <rect class="row-hit" x=${x - half} y=${y - height / 2 - 2} width=${width} height=${height + 4}></rect>
    ${kind === "broken" ? svg`<rect class="row-broken" x=${x - half} y=${y - height / 2} width=${width} height=${height}></rect>` : ""}
    <rect class="row-value" x=${Math.min(x, x + length)} y=${y - height / 2} width=${Math.abs(length)} height=${height} rx="1.5"></rect>
    ${gradient === null ? "" : svg`<rect class="row-gradient" x=${Math.min(x, x + back)} y=${y - thin / 2} width=${Math.max(back === 0 ? 0 : 0.75, Math.abs(back))} height=${thin} rx="1"></rect>`}
    <line class="row-zero" x1=${x} x2=${x} y1=${y - height / 2 - 1} y2=${y + height / 2 + 1}></line>
    ${lines.map(({ line, isGradient }, place_) => svg`<text class="row-number ${isGradient ? "gradient" : ""} ${text ? "" : "on-bar"} ${place.anchor}"
      x=${place.x} y=${y + 4 + (lines.length > 1 ? (place_ ? 6.5 : -6.5) : 0)}>${line}</text>`)}
  </g>`;
}

/** Where one line must do, it is the newest number. @param {number | null} value @param {number | null} gradient @param {boolean} hasTwoLines */
function linesOf(value, gradient, hasTwoLines) {
  const lines = [
    ...(value === null ? [] : [{ line: number(value), isGradient: false }]),
    ...(gradient === null ? [] : [{ line: signed(gradient), isGradient: true }]),
  ];
  return hasTwoLines ? lines : lines.slice(-1);
}

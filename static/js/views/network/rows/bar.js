import { svg } from "../../../vendor/lit.js";
import { tightened } from "../fonts.js";
import { kindOfNumber, linesOf, titleOf } from "../said.js";

/**
 * A number as a bar from a zero line, its gradient as a thinner one upon it, and both in digits where there is room.
 *
 * @typedef {object} Bar
 * @property {string} name of the value, as "z1"
 * @property {number} unit
 * @property {number} x of the zero line
 * @property {number} y
 * @property {number} width of the bars' room; they may go half of it to each side
 * @property {number} height
 * @property {number | null} value
 * @property {number} scale size of a value that fills its side
 * @property {number | null} gradient
 * @property {string} [text] what is written in place of these numbers
 * @property {number} gradientScale
 * @property {boolean} [isMute] whether its digits give way to newer ones of the same row
 * @property {import("../../../draw/rows-geometry.js").Digits} digits
 * @property {boolean} hasTwoLines
 */

/** From the middle of a row to each of two lines. */
const APART = 6.5;

/** From the zero line, in px. @param {number} value @param {number} scale @param {number} half */
const lengthOf = (value, scale, half) => (Number.isFinite(value) ? Math.max(-1, Math.min(1, value / scale)) * half : 0);

/** What is drawn of a bar. @param {import("../scene.js").Scene} scene @param {Bar} bar */
export function barTemplate(scene, { name, unit, x, y, width, height, value, scale, gradient, gradientScale, text, isMute = false, digits, hasTwoLines }) {
  const half = width / 2;
  const thin = Math.max(3, Math.round(height * 0.36));
  const length = value === null ? 0 : lengthOf(value, scale, half);
  const back = gradient === null ? 0 : lengthOf(gradient, gradientScale, half);
  const kind = kindOfNumber(value);
  const lines = isMute ? [] : text ? [{ text, isGradient: gradient !== null }] : linesOf(value, gradient, hasTwoLines);
  return svg`<g class="row-bar ${kind}" data-cell=${`${name}:${unit}`}>
    <title>${titleOf(name, `d${name}`, value, gradient)}</title>
    <rect class="row-hit" x=${x - half} y=${y - height / 2 - 2} width=${width} height=${height + 4}></rect>
    ${kind === "broken" ? svg`<rect class="row-broken" x=${x - half} y=${y - height / 2} width=${width} height=${height}></rect>` : ""}
    <rect class="row-value" x=${Math.min(x, x + length)} y=${y - height / 2} width=${Math.abs(length)} height=${height} rx="1.5"></rect>
    ${gradient === null ? "" : svg`<rect class="row-gradient" x=${Math.min(x, x + back)} y=${y - thin / 2} width=${Math.max(back === 0 ? 0 : 0.75, Math.abs(back))} height=${thin} rx="1"></rect>`}
    <line class="row-zero" x1=${x} x2=${x} y1=${y - height / 2 - 1} y2=${y + height / 2 + 1}></line>
    ${digitsTemplate(scene, lines, digits, y, APART)}
  </g>`;
}

/** @param {import("../scene.js").Scene} scene @param {import("../said.js").Line[]} lines @param {import("../../../draw/rows-geometry.js").Digits} digits @param {number} y @param {number} apart */
export const digitsTemplate = (scene, lines, { x, room, anchor }, y, apart) =>
  lines.map(({ text, isGradient }, place) => svg`<text class="row-number ${isGradient ? "gradient" : ""} ${anchor}" x=${x} y=${y + 4 + (lines.length > 1 ? (place ? apart : -apart) : 0)}
    textLength=${tightened(scene, "row", text, room)} lengthAdjust="spacingAndGlyphs">${text}</text>`);

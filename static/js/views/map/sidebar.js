import { html, live, nothing, svg } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { classShape } from "../../draw/marks.js";
import { nameOfUnit, unitOf } from "../../trace/measure/lens.js";
import { layerName } from "../layer-name.js";
import { classLetters } from "../palette.js";

/** What stands beside the map: which unit it shows, which features, and what its marks mean. */

/** @typedef {import("../../trace/measure/lens.js").Lens} Lens */

/** With more classes the legend has two columns, and no letters inside the shapes. */
export const MOST_LETTERED = 5;
/** Shapes whose middle lies below their centre: the triangle. */
const SHAPES_LOW_IN_THE_MIDDLE = new Set([2]);
const ARROWS = ["\u2192", "\u2191"];
/** More units are not listed; selecting one in the drawing shows it. */
const MOST_LISTED = 64;

/**
 * The choice of what the map shows: the answer of the network, or one unit.
 * @param {any} model
 * @param {Lens | null} lens
 * @param {"z" | "a"} quantity
 * @param {{look: (lens: Lens | null) => void, measure: (quantity: "z" | "a") => void}} actions
 */
export function lensTemplate(model, lens, quantity, { look, measure }) {
  const depth = model.hidden.length + 1;
  const shown = lens ? nameOfUnit(lens) : "";
  const units = model.hidden.flatMap((/** @type {any} */ layer, /** @type {number} */ at) =>
    Array.from({ length: layer.units }, (_, unit) => ({ layer: at + 1, unit })).filter((one, row) => row < MOST_LISTED || nameOfUnit(one) === shown));
  if (units.length === 0) return nothing;
  return html`<select aria-label=${t("map.shows")} .value=${live(shown)} @change=${(/** @type {any} */ event) => look(unitOf(event.target.value))}>
      <option value="" .selected=${live(!lens)}>${t("map.answer")}</option>
      ${units.map((/** @type {Lens} */ one) => html`<option value=${nameOfUnit(one)} .selected=${live(nameOfUnit(one) === shown)}>${t("map.unit", { layer: layerName(one.layer, depth), unit: one.unit + 1 })}</option>`)}
    </select>
    ${lens ? html`<span class="choice" role="group" aria-label=${t("map.quantity")}>
      ${/** @type {const} */ (["z", "a"]).map((name) => html`<button aria-pressed=${name === quantity} @click=${() => measure(name)}>${name}</button>`)}
    </span>` : nothing}`;
}

/**
 * The scale of a map of numbers.
 * @param {number} reach
 * @param {string} name
 * @param {{mean: number, scale: number}} [measured] the unit in which they are said
 */
export function scaleTemplate(reach, name, { mean, scale } = { mean: 0, scale: 1 }) {
  const [low, middle, high] = [-reach, 0, reach].map((value) => number(value * scale + mean));
  return html`<div class="scale" role="img" aria-label=${t("map.scale", { name, low, high })}>
    <span class="ramp"></span><span>${low}</span><span>${middle}</span><span>${high}</span></div>`;
}

/**
 * A choice of the feature, where there is one.
 * @param {number} axis
 * @param {string[]} features
 * @param {[number, number]} chosen
 * @param {(axis: number, feature: number) => void} choose
 */
export function axisTemplate(axis, features, chosen, choose) {
  const name = t(axis === 0 ? "map.across" : "map.up");
  if (features.length === 2) return html`<span class="quiet axis" title=${name}><span class="visually-hidden">${name}</span><span aria-hidden="true">${ARROWS[axis]}</span> <b>${features[axis]}</b></span>`;
  return html`<label class="quiet axis">${name}
    <select @change=${(/** @type {any} */ event) => choose(axis, Number(event.target.value))}>
      ${features.map((feature, column) => html`<option value=${column} .selected=${live(column === chosen[axis])} ?disabled=${column === chosen[1 - axis]}>${feature}</option>`)}
    </select></label>`;
}

/**
 * @param {string[]} classes
 * @param {{hasHeldOut: boolean, hasFolds: boolean}} marks
 */
export function legendTemplate(classes, { hasHeldOut, hasFolds }) {
  const isMany = classes.length > MOST_LETTERED;
  const letters = classLetters(classes);
  return html`<ul class="legend ${isMany ? "is-many" : ""}">
    ${classes.map((name, label) => html`<li>${markTemplate(label, isMany ? "" : letters[label])}<span>${name.length === 1 && !isMany ? t("network.class", { name }) : name}</span></li>`)}
    ${hasHeldOut ? heldOutMark() : nothing}
    ${hasFolds ? html`<li class="fold"><svg viewBox="0 0 18 18" width="18" height="18" aria-hidden="true"><path class="hollow" d="M1 13L17 7M9 10L6.9 4.4"/></svg><span title=${t("map.fold_title")}>${t("map.fold")}</span></li>` : nothing}
  </ul>`;
}

/** What a held-out point looks like. */
export const heldOutMark = () => html`<li><svg viewBox="-9 -9 18 18" width="18" height="18" aria-hidden="true"><circle r="5" class="hollow"/></svg>${t("map.held_out")}</li>`;

/** The mark of a class. @param {number} label @param {string} letter */
export function markTemplate(label, letter) {
  return html`<svg viewBox="-9 -9 18 18" width="18" height="18" aria-hidden="true" class="class-${label % 10}">
    ${svg`<path d=${classShape(label)} transform="scale(7.5)"/><text y=${SHAPES_LOW_IN_THE_MIDDLE.has(label) ? 5 : 3.5}>${letter}</text>`}
  </svg>`;
}

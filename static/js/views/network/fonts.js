import { nothing } from "../../vendor/lit.js";
import { currentTheme } from "../../core/theme.js";
import { textWidth } from "../../draw/text-width.js";

/**
 * How wide texts of the drawing are, in the fonts that the style sheets give them.
 *
 * @typedef {import("./scene.js").Scene} Scene
 */

/** Where a text of each kind stands. */
const PLACES = {
  title: '<text class="title"></text>',
  value: '<g class="unit"><text class="unit-value"></text></g>',
  label: '<text class="label"></text>',
  bias: '<g class="bias"><text class="label"></text></g>',
  column: '<g class="unit"><text class="column-name label"></text></g>',
  name: '<g class="unit"><text class="unit-name label"></text></g>',
  edge: '<text class="edge-label label"></text>',
  class: '<text class="class label"></text>',
  p: '<text class="p label"></text>',
  when: '<g class="loss"><text class="loss-when is-inside"></text></g>',
  lossName: '<g class="loss"><text class="loss-name"></text></g>',
  loss: '<g class="loss"><text class="loss-value"></text></g>',
  row: '<text class="row-number"></text>',
  parting: '<g class="parting"><text class="is-own"></text></g>',
};

/** @typedef {keyof typeof PLACES} Kind */

/** By the classes of the drawing, theme and mode. @type {Map<string, Record<Kind, string>>} */
const fonts = new Map();

/** The fonts of a drawing, asked of the browser once. @param {string} looks */
function fontsOf(looks) {
  // Styles for a class are in force when the page says so, not as soon as somebody wants to present.
  const key = `${looks} ${currentTheme()} ${document.documentElement.hasAttribute("data-present")}`;
  let found = fonts.get(key);
  if (!found) {
    const probe = document.createElement("div");
    probe.style.cssText = "position: absolute; visibility: hidden";
    probe.innerHTML = `<svg class="${looks}" width="0" height="0">${Object.values(PLACES).join("")}</svg>`;
    document.body.append(probe);
    const texts = [...probe.querySelectorAll("text")].map((text) => {
      const { fontStyle, fontWeight, fontSize, fontFamily } = getComputedStyle(text);
      return `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
    });
    found = /** @type {Record<Kind, string>} */ (Object.fromEntries(Object.keys(PLACES).map((kind, place) => [kind, texts[place]])));
    probe.remove();
    fonts.set(key, found);
  }
  return found;
}

/** The width of a text in the drawing on show. @param {Scene} scene @param {Kind} kind @param {string} text */
export const widthIn = ({ geometry }, kind, text) => textWidth(text, fontsOf(geometry.looks)[kind]);

/**
 * The textLength of a text that is set more tightly, for it is longer than its room.
 * @param {Scene} scene @param {Kind} kind @param {string} text @param {number} room
 */
export const tightened = (scene, kind, text, room) => (text !== "" && widthIn(scene, kind, text) > room ? room : nothing);

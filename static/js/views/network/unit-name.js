import { svg } from "../../vendor/lit.js";
import { wrapped } from "../../draw/cut.js";
import { columnName } from "../../trace/program/measured.js";
import { widthIn } from "./fonts.js";
import { hasTabOn } from "./said.js";

/** Between two lines of a name, and between a symbol and the name of its column, in px. */
const LINE = 13;
const AIR = 6;
/** From a unit up to its name: over its tab, and where its layer has none. */
const OVER_TAB = 20;
const OVER_UNIT = 8;
/** What stands below the input above, where that has its gradient there, with air; names of columns come into what is left. */
const BELOW = { full: 26, compact: 22, tiny: 6 };

/**
 * What stands over a circle: its symbol where there is room for one, and over an input the name of its column.
 * @param {import("./scene.js").Scene} scene
 * @param {{x: number, y: number}} centre
 * @param {{layer: number, unit: number}} place
 * @param {string} symbol
 */
export function nameTemplate(scene, { x, y }, { layer, unit }, symbol) {
  const { detail, r, w, rows, hasNames, hasGapNumbers, isLarge } = scene.geometry;
  const name = layer === 0 ? columnName(scene.state, unit) : "";
  // Neither over the border nor over the edges that leave to the right.
  const half = Math.min(x - 4, w + 14);
  // On a narrow screen the label of a bar comes over the z before it.
  const hasRoom = hasNames && (layer < scene.depth || hasGapNumbers);
  const ownSymbol = hasRoom && scene.scope !== "batch" ? symbol : "";
  const top = y - r - (layer > 0 ? (detail === "full" ? 21 : hasTabOn(scene, layer, unit) ? OVER_TAB : OVER_UNIT) : detail === "full" ? 14 : OVER_UNIT);
  const pitch = rows[0].length > 1 ? rows[0][1] - rows[0][0] : Infinity;
  const lines = isLarge ? 0 : Math.min(2, Math.floor((pitch - 2 * r - BELOW[detail]) / LINE) - (ownSymbol ? 1 : 0));
  const widthOf = (/** @type {string} */ text) => widthIn(scene, "column", text);
  const whole = !name ? [] : wrapped(name, 2 * half, widthOf);
  // Where one of them needs two lines, those with two words have two as well.
  const isBroken = name && lines > 1 && whole.length === 1 && rows[0].some((_, input) => wrapped(columnName(scene.state, input), 2 * half, widthOf).length > 1);
  const column = isBroken ? wrapped(name, widthOf(whole[0]) - 1, widthOf) : whole;
  // On one line with its symbol, or above it.
  const isBeside = ownSymbol !== "" && column.length === 1 && widthIn(scene, "name", symbol) + AIR + widthIn(scene, "column", column[0]) <= 2 * half;
  const above = isBeside || column.length > lines ? [] : column;
  const first = top - (ownSymbol ? above.length : above.length - 1) * LINE;
  return svg`${above.map((line, place) => svg`<text class="column-name label" x=${x} y=${first + place * LINE}>${line}</text>`)}
    ${ownSymbol ? svg`<text class="unit-name label" x=${x} y=${top}>${symbol}${isBeside ? svg`<tspan class="column-name" dx=${AIR}>${column[0]}</tspan>` : ""}</text>` : ""}`;
}

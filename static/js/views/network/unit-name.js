import { svg } from "../../vendor/lit.js";
import { cut } from "../../draw/cut.js";
import { columnName } from "../../trace/measured.js";

/** Widths in px of a letter of a column's name, with air, and of the symbol before it. */
const LETTER = { full: 8, compact: 7 };
const SYMBOL = 26;
/** What a name above an input needs, with the gradient below the one before it; a tiny drawing has none of these. */
const AIR = { compact: 46, tiny: 26 };

/**
 * What stands over a circle: its symbol in a full drawing, and over an input the name of its column.
 * @param {import("./scene.js").Scene} scene
 * @param {{x: number, y: number}} centre
 * @param {{layer: number, unit: number}} place
 * @param {string} symbol
 */
export function nameTemplate({ geometry, state }, { x, y }, { layer, unit }, symbol) {
  const { detail, r, w, rows } = geometry;
  const name = layer === 0 ? columnName(state, unit) : "";
  // Neither over the border nor over the edges that leave to the right.
  const half = Math.min(x - 4, w + 14);
  if (detail === "full") {
    const column = cut(name, (2 * half - SYMBOL) / LETTER.full);
    return svg`<text class="unit-name label" x=${x} y=${y - r - 21}>${symbol}${column ? svg`<tspan class="column-name" dx="6">${column}</tspan>` : ""}</text>`;
  }
  const pitch = rows[0].length > 1 ? rows[0][1] - rows[0][0] : Infinity;
  const column = !geometry.isLarge && pitch >= 2 * r + AIR[detail] ? cut(name, (2 * half) / LETTER.compact) : "";
  return column ? svg`<text class="column-name label" x=${x} y=${y - r - 10}>${column}</text>` : "";
}

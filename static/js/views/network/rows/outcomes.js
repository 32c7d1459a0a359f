import { svg } from "../../../vendor/lit.js";
import { outputsOf } from "../outputs.js";
import { linesOf } from "../said.js";
import { outputName } from "../units.js";
import { digitsTemplate } from "./bar.js";

/** From the row down to the line in the unit of the target, in px. */
const OWN_UNIT = 20;
/** From the middle of a row to each of two lines. */
const APART = 7;

/**
 * Draws the outputs at the right end of their rows: the class before each, its number behind it.
 * @param {import("../scene.js").Scene} scene @param {(cell: import("../../../state.js").Cell) => void} onSelect
 */
export function outcomesOf(scene, onSelect) {
  const { depth } = scene;
  const geometry = /** @type {import("../../../draw/rows-geometry.js").RowsGeometry} */ (scene.geometry);
  const { line, digits, hasTwoLines, left } = geometry.blocks[depth - 1];
  return outputsOf(scene, onSelect, (unit, { name, value, gap, back, isTrue, own }) => {
    const { y } = geometry.a(depth, unit);
    return svg`<text class="row-class ${isTrue ? "true" : ""}" x=${left} y=${y + 4.5}>${name || outputName(scene, unit)}</text>
      ${own ? svg`<text class="row-class own-unit" x=${left} y=${y + line / 2 + OWN_UNIT}>${own}</text>` : ""}
      ${digitsTemplate(scene, linesOf(value, back ?? gap, hasTwoLines), digits.a, y, APART)}`;
  });
}

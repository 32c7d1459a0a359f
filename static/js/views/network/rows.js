import { html, ref, svg } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { stylesheet } from "../../core/stylesheet.js";
import { widthIn } from "./fonts.js";
import { inputTemplate, lensTemplate } from "./rows/pictures.js";
import { paintPictures } from "./rows/pixels.js";
import { selectedEdgesTemplate } from "./rows/selected-edges.js";
import { selectedBy, unitInLens } from "./rows/selection.js";
import { scalesOf, unitRows } from "./rows/unit-row.js";
import { namesOf } from "./titles.js";

export { measureRows } from "./rows/measure.js";

await stylesheet("css/rows.css");

/**
 * What a wide network has beside the rest of the drawing: the input and the weights as pictures, every unit in a row. No
 * edges until something is selected.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("../../draw/rows-geometry.js").RowsGeometry} RowsGeometry
 * @typedef {import("../../state.js").Cell} Cell
 * @typedef {import("../../playground.js").Playground} Playground
 */

/** From the last row of a layer down to the scale of its bars. */
const SCALE = 11;
/** Between two scales. */
const APART = 8;

/** The canvas below. @param {Scene} scene */
export const pixelsTemplate = (scene) =>
  html`<div class="pixels"><canvas aria-hidden="true" ${ref((canvas) => canvas && paintPictures(/** @type {HTMLCanvasElement} */ (canvas), scene, unitInLens(scene)))}></canvas></div>`;

/** @param {Scene} scene @param {(cell: Cell) => void} onSelect @param {Playground} playground */
export function weightsTemplate(scene, onSelect, playground) {
  const selected = selectedBy(scene, scene.state.focus);
  return svg`<g class="edges">${selectedEdgesTemplate(scene, selected, onSelect)}</g>
    ${inputTemplate(scene, selected, onSelect)}
    ${/** @type {RowsGeometry} */ (scene.geometry).hasLens ? lensTemplate(scene, unitInLens(scene), onSelect, playground) : ""}`;
}

/** @param {Scene} scene @param {(cell: Cell) => void} onSelect @param {Playground} playground */
export function rowsTemplate(scene, onSelect, playground) {
  const onPoint = (/** @type {Cell | null} */ cell) => playground.inspector.point(cell);
  const [selected, lens] = [selectedBy(scene, scene.state.focus), unitInLens(scene)];
  const layers = Array.from({ length: scene.depth }, (_, above) => above + 1);
  return layers.map((layer) => svg`<g class="layer" role="group" aria-label=${namesOf(scene, layer)[0]}>${unitRows(scene, layer, selected, lens, onSelect, onPoint)}${scalesTemplate(scene, layer)}</g>`);
}

/** How much a bar is that fills its side. @param {Scene} scene @param {number} layer */
function scalesTemplate(scene, layer) {
  const { depth, program, scope, operation } = scene;
  const { blocks, rows, hasLens } = /** @type {RowsGeometry} */ (scene.geometry);
  // Without a bar there is nothing to scale.
  const hasBars = scene.isLive || scene.isKnownIn("sample", program.named("z", layer)?.name ?? "", 0);
  if (layer === depth || !hasLens || scope === "batch" || !hasBars) return "";
  const { bars, pitch } = blocks[layer - 1];
  const y = rows[layer][rows[layer].length - 1] + pitch / 2 + SCALE;
  const scales = scalesOf(scene, layer);
  const hasGradient = operation.segment === "backward" && scene.isKnownIn("sample", program.named("dz", layer)?.name ?? "", program.units(layer) - 1);
  const [value, gradient] = [scales.value, scales.gradient].map((scale) => t("rows.scale", { value: number(scale) }));
  const isBoth = hasGradient && scope === "sample";
  // Where bars stand close, their scales keep apart.
  const aside = isBoth ? Math.max(0, (widthIn(scene, "row", value) + widthIn(scene, "row", gradient)) / 2 + APART - (bars.a - bars.z)) / 2 : 0;
  return svg`<text class="row-scale" x=${bars.z - aside} y=${y}>${value}</text>
    ${isBoth ? svg`<text class="row-scale gradient" x=${bars.a + aside} y=${y}>${gradient}</text>` : ""}`;
}

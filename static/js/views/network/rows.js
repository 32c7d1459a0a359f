import { html, ref, svg } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { nameOf, t } from "../../core/i18n.js";
import { areProbabilities } from "../../trace/outcome.js";
import { lossTemplate } from "./loss-box.js";
import { inputTemplate, lensTemplate } from "./rows/pictures.js";
import { outcomesTemplate } from "./rows/outcomes.js";
import { paintPictures } from "./rows/pixels.js";
import { selectedEdgesTemplate } from "./rows/selected-edges.js";
import { selectedBy, unitInLens } from "./rows/selection.js";
import { titleTemplate } from "./title.js";
import { scalesOf, unitRows } from "./rows/unit-row.js";

/**
 * The layout of wide networks: the input as a picture, every unit as a row. No edges until something is selected.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("../../draw/rows-geometry.js").RowsGeometry} RowsGeometry
 */

/**
 * @param {Scene} scene
 * @param {(cell: import("../../state.js").Cell) => void} onSelect
 * @param {import("../../playground.js").Playground} playground
 */
export function rowsTemplate(scene, onSelect, playground) {
  const { geometry, depth } = scene;
  const selected = selectedBy(scene, scene.state.focus);
  const lens = unitInLens(scene);
  const onPoint = (/** @type {import("../../state.js").Cell | null} */ cell) => playground.inspector.point(cell);
  return html`<div class="pixels"><canvas aria-hidden="true" ${ref((canvas) => canvas && paintPictures(/** @type {HTMLCanvasElement} */ (canvas), scene, lens))}></canvas></div>
    ${svg`<svg class="${geometry.looks} ${scene.scope}" viewBox=${`0 0 ${geometry.width} ${geometry.height}`}
        width=${geometry.width * scene.scale} height=${geometry.height * scene.scale} role="group"
        aria-label=${t("network.label", { shape: Object.values(scene.program.sizes).join(" – ") })} @pointerleave=${() => onPoint(null)}>
      ${titlesTemplate(scene, playground)}
      <g class="edges">${selectedEdgesTemplate(scene, selected, onSelect)}</g>
      ${inputTemplate(scene, selected, onSelect)}
      ${/** @type {RowsGeometry} */ (geometry).hasLens ? lensTemplate(scene, lens, onSelect, playground) : ""}
      ${lossTemplate(scene, onSelect, -5)}
      ${Array.from({ length: depth }, (_, above) => svg`<g class="layer" role="group" aria-label=${layerName(scene, above + 1)}>${unitRows(scene, above + 1, selected, lens, onSelect, onPoint)}</g>`)}
      ${outcomesTemplate(scene, onSelect)}
    </svg>`}`;
}

/** @param {Scene} scene @param {number} layer */
function layerName({ state, depth }, layer) {
  if (layer === depth) return t("network.output", { activation: nameOf("activation", state.session?.model?.output?.activation ?? "") });
  const activation = nameOf("activation", state.session?.model?.hidden?.[layer - 1]?.activation ?? "");
  return t(depth > 2 ? "network.hidden_layer" : "network.hidden", { layer: number(layer), activation });
}

/** What stands in the column of z: in the phases of the batch what becomes of the biases. @param {Scene} scene */
const zName = ({ scope, operation }) => (scope !== "batch" ? "z" : operation.segment === "update" ? "b" : "db");

/** Names over the columns, scales of the bars under them. @param {Scene} scene @param {import("../../playground.js").Playground} playground */
function titlesTemplate(scene, playground) {
  const { depth, program, operation } = scene;
  const geometry = /** @type {RowsGeometry} */ (scene.geometry);
  return geometry.blocks.map(({ left, right, thumb, bias, bars, pitch }, above) => {
    const layer = above + 1;
    const name = (/** @type {string} */ role) => program.named(role, layer)?.name ?? "";
    const last = geometry.z(layer, program.units(layer) - 1).y + pitch / 2 + 11;
    const top = geometry.z(layer, 0).y - pitch / 2;
    const scales = scalesOf(scene, layer);
    const columns = [
      { x: thumb.x + thumb.width / 2, text: "W", tensor: name("W") },
      ...(bias && pitch >= 20 ? [{ x: bias.x + bias.width / 2, text: "b", tensor: name("b") }] : []),
      { x: bars.z, text: zName(scene), tensor: name("z") },
      { x: bars.a, text: layer < depth || !areProbabilities(program) ? "a" : "p", tensor: name("a") },
    ];
    const isSample = scene.scope !== "batch";
    const hasGradient = scene.scope === "sample" && scene.isKnownIn("sample", name("dz"), program.units(layer) - 1);
    return svg`${titleTemplate(scene, layer, layerName(scene, layer), { x: (left + right) / 2, y: top - (geometry.hasLens ? 30 : 21) }, playground)}
      ${columns.map(({ x, text, tensor }) => svg`<text class="subtitle ${scene.isInPlay(tensor) ? "active" : ""}" x=${x} y=${top - (geometry.hasLens ? 9 : 6)}>${text}</text>`)}
      ${isSample && layer < depth && geometry.hasLens ? svg`<text class="row-scale" x=${bars.z} y=${last}>${t("rows.scale", { value: number(scales.value) })}</text>` : ""}
      ${hasGradient && layer < depth && geometry.hasLens && operation.segment === "backward" ? svg`<text class="row-scale gradient" x=${bars.a} y=${last}>${t("rows.scale", { value: number(scales.gradient) })}</text>` : ""}`;
  });
}

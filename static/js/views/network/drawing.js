import { svg } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { edgeLabelsTemplate } from "./edge-labels.js";
import { areOnCanvas, edgeAt } from "./edges.js";
import { gatesTemplate } from "./gates.js";
import { lossTemplate } from "./loss-box.js";
import { markTemplate, tabMarkTemplate } from "./mark.js";
import { headsOf } from "./more.js";
import { outputsTemplate } from "./outputs.js";
import { partingTemplate } from "./parting.js";
import { pointOn } from "./press.js";
import { titlesTemplate } from "./title.js";
import { unitsTemplate } from "./units.js";
import { weightNamesTemplate } from "./weight-names.js";

/**
 * The whole of what stands. A layout says where, and what each box can hold; in rows the weights are pictures, and what
 * belongs to a unit stands in its row.
 *
 * @param {import("./scene.js").Scene} scene
 * @param {import("./titles.js").Title[]} titles
 * @param {typeof import("./rows.js") | null} rows what a drawing in rows has beside these
 * @param {import("./edges.js").Edges} edges
 * @param {(cell: import("../../state.js").Cell) => void} onSelect
 * @param {import("../../playground.js").Playground} playground
 * @param {boolean} areHeadsAway whether the letters over the columns are scrolled away: then they stay at the upper edge
 */
export function drawingTemplate(scene, titles, rows, edges, onSelect, playground, areHeadsAway) {
  const { geometry, scale } = scene;
  const isFixed = (/** @type {import("./titles.js").Title} */ { layer }) => areHeadsAway && layer > 0;
  const onStage = (/** @type {PointerEvent} */ event) => {
    const ground = /** @type {Element} */ (event.currentTarget);
    const cell = !rows && event.target === ground && areOnCanvas(scene) ? edgeAt(scene, pointOn(event, ground, scale)) : null;
    if (cell) onSelect(cell);
  };
  const onLeave = () => playground.inspector.point(null);
  return svg`${rows ? rows.pixelsTemplate(scene) : ""}<svg class="${geometry.looks} ${scene.scope}" viewBox=${`0 0 ${geometry.width} ${geometry.height}`}
      width=${geometry.width * scale} height=${geometry.height * scale} @click=${onStage} @pointerleave=${rows ? onLeave : null} role="group" aria-label=${t("network.label", { shape: Object.values(scene.program.sizes).join(" – ") })}>
    <defs><pattern id="hatching" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch" width="2" height="6"></rect></pattern></defs>
    ${titlesTemplate(scene, titles.filter((title) => !isFixed(title)), playground)}
    ${rows ? rows.weightsTemplate(scene, onSelect, playground) : edges.template(scene, onSelect)}
    ${markTemplate(scene)}
    ${lossTemplate(scene, onSelect)}
    ${rows ? rows.rowsTemplate(scene, onSelect, playground) : [outputsTemplate(scene, onSelect), gatesTemplate(scene, onSelect), unitsTemplate(scene, onSelect)]}
    ${tabMarkTemplate(scene)}
    ${partingTemplate(scene)}
    ${rows ? "" : [weightNamesTemplate(scene, onSelect), edgeLabelsTemplate(scene, onSelect)]}
    ${areHeadsAway ? headsTemplate(scene, titles.filter(isFixed), playground) : ""}
  </svg>`;
}

/** @param {import("./scene.js").Scene} scene @param {import("./titles.js").Title[]} titles @param {import("../../playground.js").Playground} playground */
function headsTemplate(scene, titles, playground) {
  const { top, height } = headsOf(scene.geometry);
  return svg`<g class="heads">
    <rect class="heads-back" x="0" y=${top} width=${scene.geometry.width} height=${height}></rect>${titlesTemplate(scene, titles, playground)}</g>`;
}

import { svg } from "../../../vendor/lit.js";
import { gatePlotOf, kindOf } from "../gate-plot.js";
import { fateOfGate, fateTemplate, plotTemplate, saidOfGate } from "../gates.js";

/**
 * The gate of a row: a small plot of the activation with a dot at z where there is room, else a door that is as open as
 * its slope.
 *
 * @typedef {import("../scene.js").Scene} Scene
 */

const PLOT_SIZE = 20;

/**
 * Draws the gates of a layer: what they share is worked out once.
 * @param {Scene} scene @param {number} layer
 * @returns {(unit: number, onSelect: (cell: import("../../../state.js").Cell) => void) => unknown}
 */
export function gatesOf(scene, layer) {
  const { geometry, program, scope } = scene;
  const mask = program.named("mask", layer)?.name;
  const plot = gatePlotOf(scene, layer);
  if (!mask || !plot) return () => "";
  const size = /** @type {import("../../../draw/rows-geometry.js").RowsGeometry} */ (geometry).blocks[layer - 1].gate.size;
  const half = size / 2;
  return (unit, onSelect) => {
    const { x, y } = geometry.gateCentre(layer, unit);
    const slope = scope === "batch" ? null : scene.value(mask, [unit]);
    const z = scope === "batch" ? null : scene.role("z", layer, [unit]);
    const back = scope === "batch" ? null : scene.role("da", layer, [unit]);
    const isBlocking = slope === 0 && back !== null && back !== 0 && scene.role("dz", layer, [unit]) !== null;
    const fate = fateOfGate(scene, layer, unit, slope);
    return svg`<g class="row-gate gate ${kindOf(slope)} fate-${fate}" data-cell=${`${mask}:${unit}`} @click=${(/** @type {Event} */ event) => (event.stopPropagation(), onSelect({ tensor: mask, index: [unit] }))}>
      <title>${saidOfGate(slope, fate)}</title>
      <g transform=${`translate(${x} ${y})`}>
        <rect x=${-half} y=${-half} width=${size} height=${size} rx=${size > PLOT_SIZE ? 5 : 2.5}></rect>
        ${fateTemplate(fate, half)}
        ${size >= PLOT_SIZE ? plotTemplate(plot, half, z, slope, 3) : ""}
      </g>
      ${size >= PLOT_SIZE ? "" : doorTemplate(x, y, half, slope)}
      ${isBlocking ? svg`<path class="row-stop" d=${stopPath(x + half + (size >= PLOT_SIZE ? 5 : 3), y)}></path>` : ""}
    </g>`;
  };
}

/** Two leaves that leave a way as wide as the slope. @param {number} x @param {number} y @param {number} half @param {number | null} slope */
function doorTemplate(x, y, half, slope) {
  if (slope === null) return "";
  const leaf = (half - 1.5) * (1 - Math.max(0, Math.min(1, slope)));
  if (leaf < 0.5) return svg`<line class="row-way" x1=${x - half + 2} x2=${x + half - 2} y1=${y} y2=${y}></line>`;
  return svg`<path class="row-door" d=${`M${x} ${y - half + 1.5}v${leaf}M${x} ${y + half - 1.5}v${-leaf}`}></path>`;
}

/** A small x. @param {number} x @param {number} y */
const stopPath = (x, y) => `M${x - 3} ${y - 3}l6 6m0 -6l-6 6`;

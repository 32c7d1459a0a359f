import { svg } from "../../../../vendor/lit-html/lit-html.js";
import { number } from "../../../core/format.js";
import { t } from "../../../core/i18n.js";
import { curveOf } from "../../../trace/cell.js";
import { activationNode, rangeOf } from "../gates.js";

/**
 * The gate of a row: a small plot of the activation with a dot at z where there is room, else a door that is as open as
 * its slope.
 *
 * @typedef {import("../scene.js").Scene} Scene
 */

const PLOT_SIZE = 20;
const PARTS = [-1, -0.6, -0.3, -0.1, 0, 0.1, 0.3, 0.6, 1];

/**
 * Draws the gates of a layer: what they share is worked out once.
 * @param {Scene} scene @param {number} layer
 * @returns {(unit: number, onSelect: (cell: import("../../../state.js").Cell) => void) => unknown}
 */
export function gatesOf(scene, layer) {
  const { geometry, program, scope } = scene;
  const mask = program.named("mask", layer);
  const node = activationNode(scene, layer);
  if (!mask || !node) return () => "";
  const f = curveOf(scene.trace, node);
  const range = rangeOf(scene, layer);
  const curve = PARTS.map((part) => ({ z: part * range, a: f(part * range) }));
  const size = /** @type {import("../../../draw/rows-geometry.js").RowsGeometry} */ (geometry).blocks[layer - 1].gate.size;
  const half = size / 2;
  const inner = half - 4;
  const clip = (/** @type {number} */ value) => Math.max(-1, Math.min(1, value / range));
  return (unit, onSelect) => {
    const { x, y } = geometry.gateCentre(layer, unit);
    const slope = scope === "batch" ? null : scene.value(mask.name, [unit]);
    const z = scope === "batch" ? null : scene.role("z", layer, [unit]);
    const kind = slope === null ? "unknown" : slope === 0 ? "shut" : "open";
    const spot = (/** @type {number} */ at, /** @type {number} */ out) => ({ x: x + clip(at) * inner, y: y + inner * 0.5 - clip(out) * inner * 1.4 });
    const dot = z === null || !Number.isFinite(z) ? null : spot(z, f(z));
    const back = scope === "batch" ? null : scene.role("da", layer, [unit]);
    const isBlocking = slope === 0 && back !== null && back !== 0 && scene.role("dz", layer, [unit]) !== null;
    return svg`<g class="row-gate gate ${kind}" data-cell=${`${mask.name}:${unit}`} @click=${(/** @type {Event} */ event) => (event.stopPropagation(), onSelect({ tensor: mask.name, index: [unit] }))}>
      <title>${slope === null ? t("network.not_computed") : t(slope === 0 ? "gate.blocks" : "gate.passes", { slope: number(slope) })}</title>
      <rect x=${x - half} y=${y - half} width=${size} height=${size} rx=${size > PLOT_SIZE ? 5 : 2.5}></rect>
      ${size >= PLOT_SIZE
        ? svg`<polyline points=${curve.map((point) => spot(point.z, point.a)).map((point) => `${point.x},${point.y}`).join(" ")}></polyline>
            ${dot ? svg`<circle class="gate-dot" cx=${dot.x} cy=${dot.y} r="3"></circle>` : ""}`
        : doorTemplate(x, y, half, slope)}
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

import { svg } from "../../../vendor/lit-html/lit-html.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { curveOf } from "../../trace/cell.js";

/**
 * The gates: a small plot of the activation with a dot at z, and what it does to a gradient.
 *
 * @typedef {import("./scene.js").Scene} Scene
 */

/**
 * The window of the plots of a layer: -R..R on both axes, R a little beyond the largest |z| of the batch.
 * @param {Scene} scene @param {number} layer
 */
export function rangeOf(scene, layer) {
  const z = /** @type {import("../../trace/program.js").Tensor} */ (scene.program.named("z", layer)).name;
  return Math.max(1, ...[...scene.batch.cells(z)].filter(Number.isFinite).map(Math.abs)) * 1.15;
}

/**
 * Where a point of the plot is drawn.
 * @param {Scene} scene @param {number} layer @param {number} unit @param {number} range
 * @returns {(z: number, a: number) => {x: number, y: number}}
 */
export function plotOf(scene, layer, unit, range) {
  const { x, y } = scene.geometry.gateCentre(layer, unit);
  const half = scene.geometry.gate / 2 - 6;
  const clip = (/** @type {number} */ value) => Math.max(-1, Math.min(1, value / range));
  return (z, a) => ({ x: x + clip(z) * half, y: y + half * 0.45 - clip(a) * half * 1.35 });
}

/** The forward node that makes a of a layer. @param {Scene} scene @param {number} layer */
export const activationNode = (scene, layer) => scene.program.maker.get(/** @type {any} */ (scene.program.named("a", layer)).name);

/**
 * @param {Scene} scene
 * @param {(cell: import("../../state.js").Cell) => void} onSelect
 */
export function gatesTemplate(scene, onSelect) {
  const { geometry, program, depth } = scene;
  return Array.from({ length: depth - 1 }, (_, above) => {
    const layer = above + 1;
    const node = activationNode(scene, layer);
    const mask = program.named("mask", layer);
    if (!node || !mask) return "";
    const f = curveOf(scene.trace, node);
    const range = rangeOf(scene, layer);
    return Array.from({ length: program.units(layer) }, (_, unit) => {
      const { x, y } = geometry.gateCentre(layer, unit);
      const half = geometry.gate / 2;
      const plot = plotOf(scene, layer, unit, range);
      const slope = scene.scope === "batch" ? null : scene.role("mask", layer, [unit]);
      const z = scene.scope === "batch" ? null : scene.role("z", layer, [unit]);
      const points = [-1, -0.75, -0.5, -0.25, -0.05, 0, 0.05, 0.25, 0.5, 0.75, 1].map((part) => plot(part * range, f(part * range)));
      const kind = slope === null ? "unknown" : slope === 0 ? "shut" : "open";
      const dot = z === null || !Number.isFinite(z) ? null : plot(z, f(z));
      const words = slope === null ? "" : t(slope === 0 ? "gate.blocks" : "gate.passes", { slope: number(slope) });
      return svg`<g class="gate ${kind}" data-cell=${`${mask.name}:${unit}`} @click=${() => onSelect({ tensor: mask.name, index: [unit] })}>
        <title>${words}</title>
        <line class="lane" x1=${geometry.z(layer, unit).x + geometry.w} y1=${y} x2=${x - half} y2=${y}></line>
        <line class="lane" x1=${x + half} y1=${y} x2=${geometry.a(layer, unit).x - geometry.w} y2=${y}></line>
        <rect x=${x - half} y=${y - half} width=${2 * half} height=${2 * half} rx=${Math.min(9, half / 2)}></rect>
        <polyline points=${points.map((point) => `${point.x},${point.y}`).join(" ")}></polyline>
        ${dot ? svg`<circle class="gate-dot" cx=${dot.x} cy=${dot.y} r=${geometry.detail === "full" ? 4.5 : 3}></circle>` : ""}
        ${words && geometry.detail === "full" ? svg`<text class="label" x=${x} y=${y + half + 18}>${words}</text>` : ""}
        ${words && geometry.detail === "compact" && !geometry.isTight ? svg`<text class="label" x=${x} y=${y + half + 12}>×${number(/** @type {number} */ (slope))}</text>` : ""}
      </g>`;
    });
  });
}

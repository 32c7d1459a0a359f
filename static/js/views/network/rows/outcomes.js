import { svg } from "../../../vendor/lit.js";
import { exactly, number, signed } from "../../../core/format.js";
import { t } from "../../../core/i18n.js";
import { outputScale } from "../../../trace/outcome.js";
import { className, ownUnitText } from "../outputs.js";
import { outputName } from "../units.js";

/**
 * The right end of the rows: a bar an output with a tick at its target, and the gap between them.
 *
 * @typedef {import("../scene.js").Scene} Scene
 * @typedef {import("../../../draw/rows-geometry.js").RowsGeometry} RowsGeometry
 */

/** From the row down to the line in the unit of the target, in px. */
const OWN_UNIT = 20;

/** @param {Scene} scene @param {(cell: import("../../../state.js").Cell) => void} onSelect */
export function outcomesTemplate(scene, onSelect) {
  const { program, depth } = scene;
  const geometry = /** @type {RowsGeometry} */ (scene.geometry);
  const { bars, line, pitch, numbers, hasTwoLines, left } = geometry.blocks[depth - 1];
  const output = /** @type {import("../../../trace/program.js").Tensor} */ (program.named("a", depth)).name;
  const isBatch = scene.scope === "batch";
  const start = bars.a - bars.aWidth / 2;
  const scale = outputScale(scene.isLive ? scene.trace : scene.batch);
  const at = (/** @type {number} */ value) => start + bars.aWidth * Math.max(0, Math.min(1, (value - scale.low) / (scale.high - scale.low)));
  return Array.from({ length: program.units(depth) }, (_, unit) => {
    const { y } = geometry.a(depth, unit);
    const p = isBatch ? null : scene.value(output, [unit]);
    const gap = isBatch ? null : scene.gap(unit);
    const back = isBatch ? null : scene.role("da", depth, [unit]);
    const target = scene.role("y", null, [unit]) ?? 0;
    const isTrue = !isBatch && scene.isTrueClass(unit);
    const under = y + line / 2 + Math.min(4, pitch / 2 - line / 2 - 3);
    const lines = [...(p === null ? [] : [{ line: number(p), isGradient: false }]), ...((back ?? gap) === null ? [] : [{ line: signed(/** @type {number} */ (back ?? gap)), isGradient: true }])];
    const shown = hasTwoLines ? lines : lines.slice(-1);
    const place = numbers?.a ?? start + 2;
    const own = scene.target && !isBatch ? ownUnitText(scene, scene.target, p, target) : "";
    return svg`<g class="outcome" data-cell=${`${output}:${unit}`} @click=${() => onSelect({ tensor: output, index: [unit] })}>
      <title>${[p === null ? "" : `${output} = ${exactly(p)}`, isBatch ? "" : t("network.target", { target: number(target) }), own, gap === null ? "" : t("network.gap", { name: outputName(scene, unit), gap: exactly(gap) }), back === null ? "" : `d${output} = ${exactly(back)}`].filter(Boolean).join("\n")}</title>
      <text class="row-class ${isTrue ? "true" : ""}" x=${left} y=${y + 4.5}>${className(scene, unit) || outputName(scene, unit)}</text>
      ${own ? svg`<text class="row-class own-unit" x=${left} y=${y + line / 2 + OWN_UNIT}>${own}</text>` : ""}
      <rect class="row-room" x=${start} y=${y - line / 2} width=${bars.aWidth} height=${line} rx="2"></rect>
      ${p === null || !Number.isFinite(p) ? "" : svg`<rect class="row-p" x=${Math.min(at(0), at(p))} y=${y - line / 2} width=${Math.abs(at(p) - at(0))} height=${line} rx="2"></rect>`}
      ${scale.low < 0 ? svg`<line class="row-zero" x1=${at(0)} x2=${at(0)} y1=${y - line / 2} y2=${y + line / 2}></line>` : ""}
      ${isBatch ? "" : svg`<line class="target" x1=${at(target)} x2=${at(target)} y1=${y - line / 2 - 3} y2=${y + line / 2 + 3}></line>`}
      ${gap === null || p === null || Math.abs(at(p) - at(target)) < 1 ? "" : svg`<path class="gap" d=${`M${at(p)} ${under - 2}v4H${at(target)}v-4`}></path>`}
      ${shown.map(({ line: text, isGradient }, place_) => svg`<text class="row-number ${isGradient ? "gradient" : ""} ${numbers ? "" : "on-bar"} start"
        x=${place} y=${y + 4 + (shown.length > 1 ? (place_ ? 7 : -7) : 0)}>${text}</text>`)}
    </g>`;
  });
}

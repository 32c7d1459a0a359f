import { svg } from "../../../vendor/lit-html/lit-html.js";
import { number, signed } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { unitName } from "./units.js";

/**
 * The right end: a bar a class with a tick at its target, the gap p - y, and the loss.
 *
 * @typedef {import("./scene.js").Scene} Scene
 */

/** @param {Scene} scene @param {number} unit */
export const className = (scene, unit) => scene.state.session?.dataset?.class_names?.[unit] ?? String(unit);

/**
 * @param {Scene} scene
 * @param {(cell: import("../../state.js").Cell) => void} onSelect
 */
export function outputsTemplate(scene, onSelect) {
  const { geometry, program, depth } = scene;
  const { width, height } = geometry.bar;
  const isBatch = scene.scope === "batch";
  const output = /** @type {import("../../trace/program.js").Tensor} */ (program.named("a", depth));
  const bars = Array.from({ length: program.units(depth) }, (_, unit) => {
    const { x, y } = geometry.a(depth, unit);
    const p = isBatch ? null : scene.value(output.name, [unit]);
    const target = scene.role("y", null, [unit]) ?? 0;
    const gap = isBatch ? null : gapOf(scene, unit);
    const top = y - height / 2;
    const level = (/** @type {number} */ part) => top + height * (1 - Math.min(1, Math.max(0, part)));
    const bracket = x + width / 2 + 6;
    return svg`<g class="output" data-cell=${`${output.name}:${unit}`} @click=${() => onSelect({ tensor: output.name, index: [unit] })}>
      <line class="lane" x1=${geometry.z(depth, unit).x + geometry.w} y1=${y} x2=${x - width / 2} y2=${y}></line>
      <rect class="p-back" x=${x - width / 2} y=${top} width=${width} height=${height} rx="4"></rect>
      ${p === null || !Number.isFinite(p) ? "" : svg`<rect class="p-bar" x=${x - width / 2} y=${level(p)} width=${width} height=${Math.max(0, top + height - level(p))} rx="3"></rect>`}
      ${isBatch ? "" : svg`<line class="target" x1=${x - width / 2 - 5} x2=${x + width / 2 + 5} y1=${level(target)} y2=${level(target)}></line>`}
      <text class="p label" x=${x} y=${top - 10}>${unitName("p", 0, unit)}${p === null ? "" : ` = ${number(p)}`}</text>
      <text class="class label" x=${x} y=${top + height + 19}>${t("network.class", { name: className(scene, unit) })}${isBatch ? "" : ` · ${t("network.target", { target: number(target) })}`}</text>
      ${gap === null || p === null || Math.abs(gap) < 1e-4
        ? ""
        : svg`<path class="gap" d=${`M${bracket} ${level(p)}h6V${level(target)}h-6`}></path>
          <text class="gradient label start" x=${bracket + 10} y=${(level(p) + level(target)) / 2 + 5}>${signed(gap)}</text>`}
    </g>`;
  });
  return [lossTemplate(scene), bars];
}

/** p - y, as the gradient of the output's pre-activation says it. @param {Scene} scene @param {number} unit */
function gapOf(scene, unit) {
  return scene.role("dz", scene.depth, [unit]);
}

/** @param {Scene} scene */
function lossTemplate(scene) {
  const { geometry, program, depth } = scene;
  const { x, y } = geometry.lossCentre;
  const { width, height } = geometry.loss;
  const isBatch = scene.scope === "batch";
  const name = program.tensors.find((tensor) => tensor.role === "sample_loss")?.name;
  const value = isBatch ? scene.batch.header.loss : scene.value(name, []);
  const truth = Array.from({ length: program.units(depth) }, (_, unit) => unit).find((unit) => scene.isTrueClass(unit));
  const way = geometry.lossWay(truth ?? 0);
  return svg`<g class="loss ${value === null ? "unknown" : ""}">
    ${truth === undefined || isBatch ? "" : svg`<polyline class="lane" points=${way.map(({ x, y }) => `${x},${y}`).join(" ")}></polyline>`}
    <rect x=${x - width / 2} y=${y - height / 2} width=${width} height=${height} rx="10"></rect>
    <text class="loss-name" x=${x} y=${y - 8}>${isBatch ? t("network.mean_loss") : t("network.loss_of", { p: unitName("p", 0, truth ?? 0) })}</text>
    ${value === null ? "" : svg`<text class="loss-value" x=${x} y=${y + 15}>${number(value)}</text>`}
  </g>`;
}

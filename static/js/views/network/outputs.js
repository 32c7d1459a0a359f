import { guard, svg } from "../../vendor/lit.js";
import { number, signed } from "../../core/format.js";
import { cut } from "../../draw/cut.js";
import { t } from "../../core/i18n.js";
import { inOwnUnit } from "../../trace/measured.js";
import { outputScale } from "../../trace/outcome.js";
import { lossTemplate } from "./loss-box.js";
import { onPress, pressed } from "./press.js";
import { gradientSign, outputName } from "./units.js";

/**
 * The right end: a bar an output with a tick at its target, the gap between them, and the loss.
 *
 * @typedef {import("./scene.js").Scene} Scene
 */

/** Letters of a class's name for which there is room beside its target. */
const SHORT_NAME = 3;

/** Between two lines of words, and the width of a letter, in px. */
const LINE = 17;
const LETTER = 7;
/** Where on a narrow screen the way to the loss runs. */
const EDGE = 18;
/** Letters of a target's name for which there is room below its bar. */
const LONGEST_NAME = 14;

/**
 * What the network answers and what it should, in the unit of the target: "grade: 12.3, target 12".
 * @param {{name: string, mean: number, scale: number}} scale
 * @param {number | null} answer
 * @param {number} target
 */
export function ownUnitText(scale, answer, target) {
  const values = { name: cut(scale.name, LONGEST_NAME), target: inOwnUnit(scale, target) };
  return answer === null ? t("network.own_target", values) : t("network.own_unit", { ...values, answer: inOwnUnit(scale, answer) });
}

/** The name of the class that an output stands for; "" for a number. @param {Scene} scene @param {number} unit */
export function className(scene, unit) {
  const label = scene.classOf(unit);
  return label === null ? "" : String(scene.classNames[label] ?? label);
}

/**
 * How far an output is from its target: where the loss takes the difference it is that, else the gradient of z.
 * @param {Scene} scene @param {number} unit
 */
export function gapOf(scene, unit) {
  return scene.program.named("error") ? scene.role("error", null, [unit]) : scene.role("dz", scene.depth, [unit]);
}

/**
 * @param {Scene} scene
 * @param {(cell: import("../../state.js").Cell) => void} onSelect
 */
export function outputsTemplate(scene, onSelect) {
  const { geometry, program, depth } = scene;
  const { width, height } = geometry.bar;
  const isBatch = scene.scope === "batch";
  const output = /** @type {import("../../trace/program.js").Tensor} */ (program.named("a", depth)).name;
  const scale = outputScale(scene.isLive ? scene.trace : scene.batch);
  const hasGate = program.hasGate(depth);
  const names = { gap: program.named("error")?.name ?? program.named("dz", depth)?.name, back: program.named("da", depth)?.name };
  const { above, below } = geometry.barLabels;
  const side = geometry.hasGapNumbers ? "" : "end";
  const bars = Array.from({ length: program.units(depth) }, (_, unit) => {
    const { x, y } = geometry.a(depth, unit);
    const value = isBatch ? null : scene.value(output, [unit]);
    const target = scene.role("y", null, [unit]) ?? 0;
    const gap = isBatch ? null : gapOf(scene, unit);
    const back = isBatch ? null : scene.role("da", depth, [unit]);
    return guard([...scene.look, scale.low, scale.high, unit, value, target, gap, back], () => {
      const top = y - height / 2;
      const level = (/** @type {number} */ part) => top + height * (1 - Math.min(1, Math.max(0, (part - scale.low) / (scale.high - scale.low))));
      const middle = geometry.hasGapNumbers ? x : x + geometry.endOfLabels;
      const bracket = x + width / 2 + 6;
      const zero = level(0);
      const name = className(scene, unit);
      const said = isBatch ? "" : t("network.target", { target: number(target) });
      // In a compact drawing a gate stands close to the bar, and a long line would touch its numbers.
      const short = name && (name.length > SHORT_NAME ? name : t("network.class", { name }));
      const words = (geometry.isLarge || !geometry.hasGapNumbers ? [short || said] : hasGate && geometry.detail !== "full" ? [name.length <= SHORT_NAME && said ? name : "", said || name] : [name && t("network.class", { name }), said]).filter(Boolean);
      const onGap = onPress(() => names.gap && onSelect({ tensor: names.gap, index: [unit] }));
      const own = scene.target && !isBatch ? ownUnitText(scene.target, value, target) : "";
      return svg`<g class="output" data-cell=${`${output}:${unit}`} tabindex="0" role="button" aria-label=${`${outputName(scene, unit)}: ${value === null ? t("network.not_computed") : number(value)}`}
        @click=${() => onSelect({ tensor: output, index: [unit] })} @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, () => onSelect({ tensor: output, index: [unit] }))}>
        ${hasGate ? "" : svg`<line class="lane" x1=${geometry.z(depth, unit).x + geometry.w} y1=${y} x2=${x - width / 2} y2=${y}></line>`}
        <rect class="p-back" x=${x - width / 2} y=${top} width=${width} height=${height} rx="4"></rect>
        ${value === null || !Number.isFinite(value) ? "" : svg`<rect class="p-bar" x=${x - width / 2} y=${Math.min(zero, level(value))} width=${width} height=${Math.abs(zero - level(value))} rx="3"></rect>`}
        ${scale.low < 0 ? svg`<line class="p-zero" x1=${x - width / 2} x2=${x + width / 2} y1=${zero} y2=${zero}></line>` : ""}
        ${isBatch ? "" : svg`<line class="target" x1=${x - width / 2 - 5} x2=${x + width / 2 + 5} y1=${level(target)} y2=${level(target)}></line>`}
        <text class="p label ${side}" x=${middle} y=${y - above}>${outputName(scene, unit)}${value === null ? "" : ` = ${number(value)}`}</text>
        <text class="class label ${side}" x=${middle} y=${y + below}>${words.join(" · ")}</text>
        ${own ? svg`<text class="class own-unit label" x=${Math.min(x, geometry.width - (own.length * LETTER) / 2 - EDGE)} y=${y + below + LINE}>${own}</text>` : ""}
        ${back === null || geometry.detail === "tiny" ? "" : svg`<text class="gradient label" @click=${onPress(() => names.back && onSelect({ tensor: names.back, index: [unit] }))} x=${x} y=${top + height + (geometry.detail === "full" ? 38 : 34) + (own ? LINE : 0)}>${geometry.detail === "full" ? gradientSign("a") : ""}${signed(back)}</text>`}
        ${gap === null || value === null || Math.abs(gap) < 1e-4
          ? ""
          : svg`<path class="gap" @click=${onGap} d=${`M${bracket} ${level(value)}h6V${level(target)}h-6`}></path>
            ${geometry.hasGapNumbers ? svg`<text class="gradient gap-number label start" @click=${onGap} x=${bracket + 10} y=${(level(value) + level(target)) / 2 + 5}>${signed(gap)}</text>` : ""}`}
      </g>`;
    });
  });
  return [lossTemplate(scene, onSelect), bars];
}

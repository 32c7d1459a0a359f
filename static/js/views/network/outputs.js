import { guard, svg } from "../../vendor/lit.js";
import { number, signed } from "../../core/format.js";
import { cut } from "../../draw/cut.js";
import { t } from "../../core/i18n.js";
import { inOwnUnit } from "../../trace/measured.js";
import { areProbabilities, outputScale } from "../../trace/outcome.js";
import { widthIn } from "./fonts.js";
import { onPress, pressed } from "./press.js";
import { gradientSign, outputName } from "./units.js";

/**
 * The right end: a bar an output with a tick at its target, and the gap between them.
 *
 * @typedef {import("./scene.js").Scene} Scene
 */

/** Letters of a class's name for which there is room beside its target. */
const SHORT_NAME = 3;

/** A gradient with as many digits as most have. */
const LONG_GRADIENT = -0.0123;
/** Between two lines of words, in px. */
const LINE = 17;
/** Where on a narrow screen the way to the loss runs. */
const EDGE = 18;
/** What a target's name may take below its bar, in px. */
const LONGEST_NAME = 100;

/**
 * What the network answers and what it should, in the unit of the target: "grade: 12.3, target 12".
 * @param {Scene} scene
 * @param {{name: string, mean: number, scale: number}} scale
 * @param {number | null} answer
 * @param {number} target
 */
export function ownUnitText(scene, scale, answer, target) {
  const values = { name: cut(scale.name, LONGEST_NAME, (text) => widthIn(scene, "class", text)), target: inOwnUnit(scale, target) };
  return answer === null ? t("network.own_target", values) : t("network.own_unit", { ...values, answer: inOwnUnit(scale, answer) });
}

/** The name of the class that an output stands for; "" for a number. @param {Scene} scene @param {number} unit */
export function className(scene, unit) {
  const label = scene.classOf(unit);
  return label === null ? "" : String(scene.classNames[label] ?? label);
}

/** What a bar is called: where it has no line for its class, "p(setosa)". @param {Scene} scene @param {number} unit @param {string} name of the class */
function nameOf(scene, unit, name) {
  const short = `${areProbabilities(scene.program) ? "p" : "a"}(${name})`;
  return scene.geometry.hasClassLines || !name || widthIn(scene, "p", short) > LONGEST_NAME ? outputName(scene, unit) : short;
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
  const gradientRoom = geometry.a(depth, 0).x - geometry.z(depth, 0).x - widthIn(scene, "label", `${geometry.detail === "full" ? gradientSign("z") : ""}${signed(LONG_GRADIENT)}`) / 2;
  return Array.from({ length: program.units(depth) }, (_, unit) => {
    const { x, y } = geometry.a(depth, unit);
    const value = isBatch ? null : scene.value(output, [unit]);
    const target = scene.role("y", null, [unit]) ?? 0;
    const gap = isBatch ? null : scene.gap(unit);
    const back = isBatch ? null : scene.role("da", depth, [unit]);
    return guard([...scene.look, scale.low, scale.high, unit, value, target, gap, back], () => {
      const top = y - height / 2;
      const level = (/** @type {number} */ part) => top + height * (1 - Math.min(1, Math.max(0, (part - scale.low) / (scale.high - scale.low))));
      const middle = geometry.hasGapNumbers ? x : x + geometry.endOfLabels;
      const bracket = x + width / 2 + 6;
      const zero = level(0);
      const name = className(scene, unit);
      const said = isBatch ? "" : t("network.target", { target: number(target) });
      const short = name && (name.length > SHORT_NAME ? name : t("network.class", { name }));
      const wordings = geometry.isLarge || !geometry.hasGapNumbers ? [[short || said]] : [[name && t("network.class", { name }), said], [name, said], [short || said]];
      const lines = wordings.map((words) => words.filter(Boolean).join(" · "));
      // The gradient of z stands close to the bar: a long line would touch it.
      const words = lines.find((line) => widthIn(scene, "class", line) / 2 <= gradientRoom) ?? lines[lines.length - 1];
      const own = scene.target && !isBatch ? ownUnitText(scene, scene.target, value, target) : "";
      const onGap = onPress(() => names.gap && onSelect({ tensor: names.gap, index: [unit] }));
      return svg`<g class="output" data-cell=${`${output}:${unit}`} tabindex="0" role="button" aria-label=${`${outputName(scene, unit)}: ${value === null ? t("network.not_computed") : number(value)}`}
        @click=${() => onSelect({ tensor: output, index: [unit] })} @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, () => onSelect({ tensor: output, index: [unit] }))}>
        ${hasGate ? "" : svg`<line class="lane" x1=${geometry.z(depth, unit).x + geometry.w} y1=${y} x2=${x - width / 2} y2=${y}></line>`}
        <rect class="p-back" x=${x - width / 2} y=${top} width=${width} height=${height} rx="4"></rect>
        ${value === null || !Number.isFinite(value) ? "" : svg`<rect class="p-bar" x=${x - width / 2} y=${Math.min(zero, level(value))} width=${width} height=${Math.abs(zero - level(value))} rx="3"></rect>`}
        ${scale.low < 0 ? svg`<line class="p-zero" x1=${x - width / 2} x2=${x + width / 2} y1=${zero} y2=${zero}></line>` : ""}
        ${isBatch ? "" : svg`<line class="target" x1=${x - width / 2 - 5} x2=${x + width / 2 + 5} y1=${level(target)} y2=${level(target)}></line>`}
        <text class="p label ${side}" x=${middle} y=${y - above}>${nameOf(scene, unit, name)}${value === null ? "" : ` = ${number(value)}`}</text>
        ${geometry.hasClassLines ? svg`<text class="class label ${side}" x=${middle} y=${y + below}>${words}</text>` : ""}
        ${own ? svg`<text class="class own-unit label" x=${Math.min(x, geometry.width - widthIn(scene, "class", own) / 2 - EDGE)} y=${y + below + LINE}>${own}</text>` : ""}
        ${back === null || geometry.detail === "tiny" ? "" : svg`<text class="gradient label" @click=${onPress(() => names.back && onSelect({ tensor: names.back, index: [unit] }))} x=${x} y=${y + below + (geometry.detail === "full" ? 19 : 15) + (own ? LINE : 0)}>${geometry.detail === "full" ? gradientSign("a") : ""}${signed(back)}</text>`}
        ${gap === null || value === null || !scene.hasGap(unit)
          ? ""
          : svg`<path class="gap" @click=${onGap} d=${`M${bracket} ${level(value)}h6V${level(target)}h-6`}></path>
            ${geometry.hasGapNumbers ? svg`<text class="gradient gap-number label start" @click=${onGap} x=${bracket + 10} y=${geometry.hasClassLines ? (level(value) + level(target)) / 2 + 5 : y + 5}>${signed(gap)}</text>` : ""}`}
      </g>`;
    });
  });
}

import { guard, svg } from "../../vendor/lit.js";
import { exactly, number, signed } from "../../core/format.js";
import { cut } from "../../draw/cut.js";
import { isWide } from "../../draw/geometry.js";
import { t } from "../../core/i18n.js";
import { isNumber } from "../../core/notation.js";
import { inOwnUnit } from "../../trace/program/measured.js";
import { outputScale } from "../../trace/program/outcome.js";
import { tightened, widthIn } from "./fonts.js";
import { onPress, pressed } from "./press.js";
import { gradientSign, mostOfTab, outputName } from "./units.js";

/**
 * The right end: a bar an output with a tick at its target, and the gap between them.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("../../state.js").Cell} Cell
 */

/** Letters of a class's name for which there is room beside its target. */
const SHORT_NAME = 3;

/** A gradient with as many digits as most have. */
const LONG_GRADIENT = -0.0123;
/** Between the tab of a z and the label over its bar. */
const AIR = 4;
/** Between two lines of words, in px. */
const LINE = 17;
/** Where on a narrow screen the way to the loss runs. */
const EDGE = 18;
/** How near to the edge of the picture a number may come. */
const LEAST_EDGE = 3;
/** From a bar to the number of its gap, and at least. */
const GAP_NUMBER = 16;
const BESIDE_BRACKET = 14;
/** The part of its length to which such a number is set at most: where that is not enough, the one below z says the same. */
const TIGHTEST = 0.8;
/** What a target's name may take below its bar, in px. */
const LONGEST_NAME = 100;

/**
 * What the network answers and what it should, in the unit of the target: "grade: 12.3, target 12".
 * @param {Scene} scene
 * @param {{name: string, mean: number, scale: number}} scale
 * @param {number | null} answer
 * @param {number} target
 */
function ownUnitText(scene, scale, answer, target) {
  const values = { name: cut(scale.name, LONGEST_NAME, (text) => widthIn(scene, "class", text)), target: inOwnUnit(scale, target) };
  return answer === null ? t("network.own_target", values) : t("network.own_unit", { ...values, answer: inOwnUnit(scale, answer) });
}

/** The name of the class that an output stands for; "" for a number. @param {Scene} scene @param {number} unit */
function className(scene, unit) {
  const label = scene.classOf(unit);
  return label === null ? "" : String(scene.classNames[label] ?? label);
}

/**
 * What there is to say of an output, in every layout.
 *
 * @typedef {object} Said
 * @property {string} name of its class; "" for a number
 * @property {number | null} value
 * @property {number} target
 * @property {number | null} gap
 * @property {number | null} back gradient of the output itself
 * @property {boolean} isTrue whether the target is its class
 * @property {string} own the same in the unit of the target
 * @property {(value: number) => number} part of its bar, from 0 to 1
 */

/** @param {Scene} scene @param {number} unit @returns {Omit<Said, "part">} */
function saidOf(scene, unit) {
  const { depth } = scene;
  const target = scene.role("y", null, [unit]) ?? 0;
  if (scene.scope === "batch") return { name: className(scene, unit), value: null, target, gap: null, back: null, isTrue: false, own: "" };
  const value = scene.role("a", depth, [unit]);
  const own = scene.target ? ownUnitText(scene, scene.target, value, target) : "";
  return { name: className(scene, unit), value, target, gap: scene.gap(unit), back: scene.role("da", depth, [unit]), isTrue: scene.isTrueClass(unit), own };
}

/** Every digit of it. @param {Scene} scene @param {string} output @param {number} unit @param {Omit<Said, "part">} said */
function titleOf(scene, output, unit, { value, target, gap, back, own }) {
  const lines = [
    value === null ? "" : `${output} = ${exactly(value)}`,
    scene.scope === "batch" ? "" : t("network.target", { target: number(target) }),
    own,
    gap === null ? "" : t("network.gap", { name: outputName(scene, unit), gap: exactly(gap) }),
    back === null ? "" : `d${output} = ${exactly(back)}`,
  ];
  return lines.filter(Boolean).join("\n");
}

/** @param {Scene} scene @param {(cell: Cell) => void} onSelect */
export function outputsTemplate(scene, onSelect) {
  const outputs = outputsOf(scene, onSelect, columnLabels(scene, onSelect));
  return Array.from({ length: scene.program.units(scene.depth) }, (_, unit) => outputs.template(unit));
}

/**
 * Draws the outputs: a bar, a tick at its target, the gap between them. What is written beside it depends on the layout.
 * @param {Scene} scene
 * @param {(cell: Cell) => void} onSelect
 * @param {(unit: number, said: Said) => unknown} labelsOf
 * @returns {{looksOf: (unit: number) => unknown[], template: (unit: number) => unknown}} looks: what nothing else changes
 */
export function outputsOf(scene, onSelect, labelsOf) {
  const { geometry, program, depth } = scene;
  const output = /** @type {import("../../trace/program/program.js").Tensor} */ (program.named("a", depth)).name;
  const scale = outputScale(scene.isLive ? scene.trace : scene.batch);
  const part = (/** @type {number} */ value) => Math.min(1, Math.max(0, (value - scale.low) / (scale.high - scale.low)));
  const gapName = program.named("error")?.name ?? program.named("dz", depth)?.name;
  const hasGate = program.hasGate(depth);
  const { round } = geometry.bar;
  const looksOf = (/** @type {number} */ unit) => [scale.low, scale.high, ...Object.values(saidOf(scene, unit))];
  const template = (/** @type {number} */ unit) => {
    const said = saidOf(scene, unit);
    const { value, target, gap } = said;
    return guard([...scene.look, unit, scale.low, scale.high, scene.operation.segment, ...Object.values(said)], () => {
      const { x, y } = geometry.a(depth, unit);
      const onBar = () => onSelect({ tensor: output, index: [unit] });
      const hasGap = gap !== null && value !== null && scene.hasGap(unit);
      // As far as a gradient has come, its lane is lit.
      const isLit = gap !== null && gap !== 0 && scene.operation.segment === "backward";
      return svg`<g class="output" data-cell=${`${output}:${unit}`} tabindex=${geometry.isInRows ? -1 : 0} role="button" aria-label=${`${outputName(scene, unit)}: ${value === null ? t("network.not_computed") : number(value)}`}
        @click=${onPress(onBar)} @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, onBar)}>
        <title>${titleOf(scene, output, unit, said)}</title>
        ${hasGate || geometry.isInRows ? "" : svg`<line class="lane ${isLit ? "backward" : ""}" x1=${geometry.z(depth, unit).x + geometry.w} y1=${y} x2=${x - geometry.bar.width / 2} y2=${y}></line>`}
        ${rectTemplate("p-back", geometry.barRect(unit, 0, 1), round.back)}
        ${value === null || !Number.isFinite(value) ? "" : rectTemplate("p-bar", geometry.barRect(unit, part(0), part(value)), round.level)}
        ${scale.low < 0 ? lineTemplate("p-zero", geometry.barTick(unit, part(0), 0)) : ""}
        ${scene.scope === "batch" ? "" : lineTemplate("target", geometry.barTick(unit, part(target), geometry.bar.over))}
        ${hasGap ? svg`<path class="gap" @click=${onPress(() => gapName && onSelect({ tensor: gapName, index: [unit] }))} d=${geometry.gapPath(unit, part(value), part(target))}></path>` : ""}
        ${labelsOf(unit, { ...said, part })}
      </g>`;
    });
  };
  return { looksOf, template };
}

/** @param {string} kind @param {{x: number, y: number, width: number, height: number}} box @param {number} round */
const rectTemplate = (kind, { x, y, width, height }, round) => svg`<rect class=${kind} x=${x} y=${y} width=${width} height=${height} rx=${round}></rect>`;

/** @param {string} kind @param {{x1: number, x2: number, y1: number, y2: number}} line */
const lineTemplate = (kind, { x1, x2, y1, y2 }) => svg`<line class=${kind} x1=${x1} x2=${x2} y1=${y1} y2=${y2}></line>`;

/** What a bar is called: where it has no line for its class, "p₁(setosa)", as the loss says p₁. @param {Scene} scene @param {number} unit @param {string} name of the class */
function nameOf(scene, unit, name) {
  const short = `${outputName(scene, unit)}(${name})`;
  return scene.geometry.hasClassLines || !name || isNumber(name) || widthIn(scene, "p", short) > LONGEST_NAME ? outputName(scene, unit) : short;
}

/** What stands above a bar. @param {Scene} scene @param {number} unit @param {number | null} value */
const labelOf = (scene, unit, value) => `${nameOf(scene, unit, className(scene, unit))}${value === null ? "" : ` = ${number(value)}`}`;

/** The middle of the label over a bar: over that of the bar, or behind the tab on its z where that comes so far. @param {Scene} scene @param {number} unit @param {number} half of its width */
function middleOfLabel(scene, unit, half) {
  const { geometry, program, depth } = scene;
  const { x, y } = geometry.a(depth, unit);
  const tab = geometry.bias(depth, unit);
  const isBeside = geometry.hasTabs && program.named("b", depth) !== undefined && Math.abs(y - geometry.barLabels.above - tab.y) < LINE;
  // Where the way to the loss runs down beside the bars, it ends before it.
  const end = geometry.isLossBelow ? x + geometry.bar.width / 2 + geometry.bracketRoom - AIR : Infinity;
  // Where outputs are close, so are the units above and below: it stands behind both.
  const [first, second = Infinity] = geometry.rows[depth];
  const isBetween = second - first - geometry.barLabels.above - LINE < geometry.r;
  const least = isBeside ? tab.x + mostOfTab(scene) / 2 + AIR : isBetween ? geometry.z(depth, unit).x + geometry.w + AIR : -Infinity;
  return Math.min(end - half, Math.max(x, least + half));
}

/** Where the label over a bar ends: it has its own length, and the way to the loss begins behind it. @param {Scene} scene @param {number} unit */
export function endOfLabel(scene, unit) {
  const { geometry, program, depth } = scene;
  if (isWide(program) || !geometry.hasGapNumbers) return 0;
  const half = widthIn(scene, "p", labelOf(scene, unit, scene.role("a", depth, [unit]))) / 2;
  return middleOfLabel(scene, unit, half) + half;
}

/**
 * What stands above and below a bar, and its gap beside it.
 * @param {Scene} scene @param {(cell: Cell) => void} onSelect
 * @returns {(unit: number, said: Said) => unknown}
 */
function columnLabels(scene, onSelect) {
  const { geometry, program, depth } = scene;
  const isBatch = scene.scope === "batch";
  const isFull = geometry.detail === "full";
  const names = { gap: program.named("error")?.name ?? program.named("dz", depth)?.name, back: program.named("da", depth)?.name };
  const { above, below } = geometry.barLabels;
  // Where the way to the loss runs down beside the bars, what is wider than its bar ends before it.
  const sideOf = (/** @type {"p" | "class"} */ font, /** @type {string} */ text) => (geometry.hasGapNumbers || widthIn(scene, font, text) / 2 <= geometry.endOfLabels ? "" : "end");
  const gradientRoom = geometry.a(depth, 0).x - geometry.z(depth, 0).x - widthIn(scene, "label", `${isFull ? gradientSign("z") : ""}${signed(LONG_GRADIENT)}`) / 2;
  // Where the gradient of z takes that of the gap, the line below both may begin below its z.
  const belowZ = geometry.a(depth, 0).x + geometry.endOfLabels - geometry.z(depth, 0).x + geometry.w;
  return (unit, { name, value, target, gap, back, own, part }) => {
    const { x, y } = geometry.a(depth, unit);
    const said = isBatch ? "" : t("network.target", { target: number(target) });
    const short = name && (name.length > SHORT_NAME ? name : t("network.class", { name }));
    const wordings = geometry.isLarge ? [[short || said]] : [[name && t("network.class", { name }), said], [name, said], [short || said]];
    const lines = wordings.map((words) => words.filter(Boolean).join(" · "));
    // The gradient of z stands close to the bar: a long line would touch it.
    const words = lines.find((line) => (geometry.hasGapNumbers ? widthIn(scene, "class", line) / 2 <= gradientRoom : widthIn(scene, "class", line) <= belowZ)) ?? lines[lines.length - 1];
    const isDrawn = gap !== null && value !== null && scene.hasGap(unit) && geometry.hasGapNumbers;
    const gapText = isDrawn ? signed(gap) : "";
    // A long number stands nearer to its bracket than out of the picture, or on the way to the loss.
    const beside = x + geometry.bar.width / 2;
    const gapEnd = geometry.isLossBelow ? beside + geometry.bracketRoom - AIR : geometry.width - LEAST_EDGE;
    const gapRoom = gapEnd - beside - BESIDE_BRACKET;
    const gapWidth = widthIn(scene, "label", gapText);
    const gapPlace = Math.min(beside + GAP_NUMBER, gapEnd - Math.min(gapWidth, gapRoom));
    const hasGap = isDrawn && (gapRoom >= TIGHTEST * gapWidth || !geometry.hasGradientsOfOutputs || !program.isShortened);
    const label = labelOf(scene, unit, value);
    const [sideOfLabel, sideOfWords] = [sideOf("p", label), sideOf("class", words)];
    return svg`<text class="p label ${sideOfLabel}" x=${sideOfLabel ? x + geometry.endOfLabels : middleOfLabel(scene, unit, widthIn(scene, "p", label) / 2)} y=${y - above}>${label}</text>
      ${geometry.hasClassLines ? svg`<text class="class label ${sideOfWords}" x=${sideOfWords ? x + geometry.endOfLabels : x} y=${y + below}>${words}</text>` : ""}
      ${own ? svg`<text class="class own-unit label" x=${Math.min(x, geometry.width - widthIn(scene, "class", own) / 2 - EDGE)} y=${y + below + LINE}>${own}</text>` : ""}
      ${back === null || geometry.detail === "tiny" ? "" : svg`<text class="gradient label" @click=${onPress(() => names.back && onSelect({ tensor: names.back, index: [unit] }))} x=${x} y=${y + below + (isFull ? 19 : 15) + (own ? LINE : 0)}>${isFull ? gradientSign("a") : ""}${signed(back)}</text>`}
      ${hasGap ? svg`<text class="gradient gap-number label start" @click=${onPress(() => names.gap && onSelect({ tensor: names.gap, index: [unit] }))} x=${gapPlace} y=${geometry.hasClassLines ? geometry.barLevel(unit, (part(value) + part(target)) / 2) + 5 : y + 5}
        textLength=${tightened(scene, "label", gapText, gapRoom)} lengthAdjust="spacingAndGlyphs">${gapText}</text>` : ""}`;
  };
}

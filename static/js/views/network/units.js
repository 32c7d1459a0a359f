import { guard, nothing, svg } from "../../vendor/lit.js";
import { exactly, number, signed } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { isTextbook } from "../../core/notation.js";
import { columnName } from "../../trace/measured.js";
import { areProbabilities } from "../../trace/outcome.js";
import { onPress, pressed } from "./press.js";
import { nameTemplate } from "./unit-name.js";

/**
 * The units: circles of z and a, their biases and their gradients.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("../../state.js").Cell} Cell
 */

/** Widths in px of a digit inside a circle. */
const LARGE_DIGIT = 10.4;
const DIGIT = 8.4;
/** Units of more than this radius have room for one more line below them. */
const ROOMY = 28;
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
/** Half of the least size that a finger can hit, in px. */
const REACH = 13;
/** @param {number} value @param {string} digits */
const small = (value, digits) => [...String(value)].map((digit) => digits[Number(digit)]).join("");

/** "z⁽¹⁾₂": the layer above, the unit below, counted from 1. @param {string} letter @param {number} layer @param {number} unit */
export const unitName = (letter, layer, unit) =>
  `${letter}${layer ? `⁽${small(layer, SUPERSCRIPTS)}⁾` : ""}${small(unit + 1, SUBSCRIPTS)}`;

/** What stands before a gradient. @param {string} of z or a */
export const gradientSign = (of) => (isTextbook() ? `\u2202L/\u2202${of} ` : "dL ");

/** What an output is called: p for a probability, else the a of its layer. @param {Scene} scene @param {number} unit */
export const outputName = (scene, unit) => (areProbabilities(scene.program) ? unitName("p", 0, unit) : unitName("a", scene.depth, unit));

/**
 * One circle (a pill where numbers need the room).
 * @param {Scene} scene
 * @param {{x: number, y: number}} centre
 * @param {{letter: string, role: string, layer: number, unit: number, value: number | null, gradient?: number | null}} unit
 * @param {(cell: Cell) => void} onSelect
 */
function circle(scene, centre, { letter, role, layer, unit, value, gradient }, onSelect) {
  const tensor = scene.program.named(role, layer || null)?.name ?? "x";
  const isActive = scene.isInPlay(tensor) && scene.program.tensor(scene.operation.output).layer === (layer || null);
  const before = value === null ? null : scene.ghost(tensor, [unit]);
  const gradientBefore = gradient === null || gradient === undefined ? null : scene.ghost(`d${tensor}`, [unit]);
  const own = { tensor, letter, role, layer, unit, value, gradient, isActive, before, gradientBefore };
  return guard([...scene.look, ...Object.values(own)], () => circleTemplate(scene, centre, own, onSelect));
}

/**
 * @param {Scene} scene
 * @param {{x: number, y: number}} centre
 * @param {{tensor: string, letter: string, role: string, layer: number, unit: number, value: number | null, gradient?: number | null,
 *   isActive: boolean, before: number | null, gradientBefore: number | null}} unit before: what it was before the last change, where that changed it
 * @param {(cell: Cell) => void} onSelect
 */
function circleTemplate(scene, centre, { tensor, letter, role, layer, unit, value, gradient, isActive, before, gradientBefore }, onSelect) {
  const { r, w, detail, isLarge } = scene.geometry;
  const name = unitName(letter, layer, unit);
  const column = layer === 0 ? columnName(scene.state, unit) : "";
  const said = column ? `${name} (${column})` : name;
  const strength = value === null || !Number.isFinite(value) || value === 0 ? 0 : Math.min(1, 0.25 + Math.abs(value) / 3);
  const kind = value === null ? "unknown" : value === 0 ? "zero" : value < 0 ? "negative" : Number.isFinite(value) ? "positive" : "broken";
  const label = value === null ? t("network.not_computed") : number(value);
  // A number that is longer than its circle is set more tightly.
  const tight = label.length * (detail === "full" || r > 24 || isLarge ? LARGE_DIGIT : DIGIT) > 2 * w - 4 ? 2 * w - 8 : null;
  // The bracket beside the bar says the same number, and here is no room for two.
  const isSaidByTheGap = layer === scene.depth && detail !== "full" && scene.program.isShortened && scene.geometry.hasGapNumbers;
  return svg`<g class="unit ${kind} ${isActive ? "active" : ""}" tabindex="0" role="button" aria-label=${`${said}: ${label}`}
      data-cell=${`${tensor}:${unit}`} @click=${() => onSelect({ tensor, index: [unit] })}
      @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, () => onSelect({ tensor, index: [unit] }))}>
    <title>${value === null ? said : `${said} = ${exactly(value)}`}</title>
    <rect class="unit-back" x=${centre.x - w} y=${centre.y - r} width=${2 * w} height=${2 * r} rx=${r}></rect>
    <rect class="unit-fill" x=${centre.x - w} y=${centre.y - r} width=${2 * w} height=${2 * r} rx=${r} fill-opacity=${0.34 * strength}></rect>
    ${value === null || scene.scope === "batch" ? "" : svg`<text class="unit-value" x=${centre.x} y=${centre.y + 1} textLength=${tight ?? nothing} lengthAdjust=${tight ? "spacingAndGlyphs" : nothing}>${label}</text>`}
    ${detail === "full" ? ghostTemplate(before, centre.x, centre.y + 19) : ""}
    ${detail === "full" && r > ROOMY ? ghostTemplate(gradientBefore, centre.x, centre.y + r + 32) : ""}
    ${nameTemplate(scene, centre, { layer, unit }, name)}
    ${gradient === null || gradient === undefined || scene.scope === "batch" || detail === "tiny" || isSaidByTheGap || (isLarge && scene.hasBiases)
      ? ""
      : svg`<text class="gradient label" @click=${onPress(() => onSelect({ tensor: `d${tensor}`, index: [unit] }))} x=${centre.x} y=${centre.y + r + (detail === "full" ? 19 : isLarge ? 15 : 14)}>${detail === "full" ? gradientSign(role) : ""}${signed(gradient)}</text>`}
  </g>`;
}

/** What it was before the last change, struck out. @param {number | null} before @param {number} x @param {number} y */
const ghostTemplate = (before, x, y) => (before === null ? "" : svg`<text class="ghost" x=${x} y=${y}>${number(before)}</text>`);

/**
 * Circles of every layer, the bars of the output excepted.
 * @param {Scene} scene
 * @param {(cell: Cell) => void} onSelect
 */
export function unitsTemplate(scene, onSelect) {
  const { geometry, program, depth } = scene;
  return Array.from({ length: depth + 1 }, (_, layer) =>
    Array.from({ length: program.units(layer) }, (_, unit) => {
      if (layer === 0) {
        const cell = { letter: "x", role: "x", layer, unit, value: scene.role("x", null, [unit]), gradient: scene.value("dx", [unit]) };
        return circle(scene, geometry.a(0, unit), cell, onSelect);
      }
      const z = { letter: "z", role: "z", layer, unit, value: scene.role("z", layer, [unit]), gradient: scene.role("dz", layer, [unit]) };
      const a = { letter: "a", role: "a", layer, unit, value: scene.role("a", layer, [unit]), gradient: scene.role("da", layer, [unit]) };
      return [
        circle(scene, geometry.z(layer, unit), z, onSelect),
        layer < depth ? circle(scene, geometry.a(layer, unit), a, onSelect) : "",
        biasTemplate(scene, layer, unit, onSelect),
      ];
    }),
  );
}

/**
 * The signed tab on top of a z, or the change of its bias while that is in play.
 * @param {Scene} scene @param {number} layer @param {number} unit @param {(cell: Cell) => void} onSelect
 */
function biasTemplate(scene, layer, unit, onSelect) {
  const { geometry, program } = scene;
  const name = program.named("b", layer)?.name;
  if (!name || geometry.detail === "tiny" || !scene.hasBiases) return "";
  const { x, y } = geometry.bias(layer, unit);
  const bias = scene.parameter(name, [unit]);
  const gradient = scene.scope === "batch" ? scene.batchValue(`d${name}`, [unit]) : scene.value(`d${name}`, [unit]);
  const target = program.tensor(scene.operation.output);
  const isGradient = !scene.isLive && target.of === name && scene.operation.segment !== "update" && gradient !== null;
  const isSilent = scene.hasStopped(layer, unit);
  const isMemory = !scene.isLive && scene.operation.segment === "update" && target.of !== null && target.of !== name && program.root(target.name) === name;
  const memory = isMemory && target.of ? { before: scene.batch.at(target.of, [unit]), after: scene.batchValue(target.name, [unit]) } : null;
  const text = memory && memory.after !== null ? (geometry.detail === "full" ? `${number(memory.before)} → ` : "") + number(memory.after) : isGradient ? signed(gradient) : (geometry.detail === "full" ? "b " : "") + signed(bias);
  const kind = memory && memory.after !== null ? "memory" : isGradient ? "backward" : bias < 0 ? "negative" : "positive";
  const width = text.length * (geometry.isLarge ? 9.6 : 7.4) + (geometry.isTight ? 6 : 10);
  const height = geometry.detail === "full" || geometry.isLarge ? 19 : 16;
  return guard([...scene.look, name, unit, kind, bias, text, isSilent], () => svg`<g class="bias ${kind} ${isSilent ? "silent" : ""}" data-cell=${`${name}:${unit}`} tabindex="0" role="button" aria-label=${`${unitName("b", layer, unit)}: ${text.replace(/^b /, "")}`}
      @click=${() => onSelect({ tensor: name, index: [unit] })} @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, () => onSelect({ tensor: name, index: [unit] }))}>
    <title>${name}[${unit}] = ${exactly(bias)}</title>
    <rect class="reach" x=${x - Math.max(width / 2, REACH)} y=${y - REACH - 2} width=${Math.max(width, 2 * REACH)} height=${2 * REACH}></rect>
    <rect x=${x - width / 2} y=${y - height / 2 - 2} width=${width} height=${height} rx=${height / 2}></rect>
    <text class="label" x=${x} y=${y - 1}>${text}</text>
  </g>`);
}

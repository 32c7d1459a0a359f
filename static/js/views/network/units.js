import { guard, svg } from "../../vendor/lit.js";
import { exactly, number, signed } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { isTextbook, quotedClass } from "../../core/notation.js";
import { columnName } from "../../trace/program/measured.js";
import { areProbabilities } from "../../trace/program/outcome.js";
import { tightened, widthIn } from "./fonts.js";
import { onPress, pressed } from "./press.js";
import { biasOf, hasTabOn, isUnitAsked, kindOfNumber, linesOf, titleOf } from "./said.js";
import { nameTemplate } from "./unit-name.js";

/**
 * The units: circles of z and a, their biases and their gradients.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("../../state.js").Cell} Cell
 */

/** In a lower unit a name has no room for its layer, which is told above its column; and by how much it is lifted, since its index hangs down. */
const LOW = 12;
const LIFT = 2;
/** Units of more than this radius have room for one more line below them. */
const ROOMY = 28;
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
/** Beside a number: inside a circle, and inside a tab. */
const AIR = { circle: 4, tab: 6, tightTab: 3 };
/** A bias with as many digits as most have. */
const LONG_BIAS = -0.123;
/** Between a tab and what stands behind its z. */
const BESIDE = 2;
/** Where edges have less room than this, what is written at a unit reaches over it by so much on each side at most, in px: beside it edges run up and down. */
const CLOSE = 60;
const OVER = 5;
/** Half of the least size that a finger can hit, in px. */
const REACH = 13;
/** @param {number} value @param {string} digits */
const small = (value, digits) => [...String(value)].map((digit) => digits[Number(digit)]).join("");

/** "z⁽¹⁾₂": the layer above, the unit below, counted from 1. @param {string} letter @param {number} layer @param {number} unit */
export const unitName = (letter, layer, unit) => `${layered(letter, layer)}${small(unit + 1, SUBSCRIPTS)}`;

/** @param {string} letter @param {number} layer */
const layered = (letter, layer) => `${letter}${layer ? `⁽${small(layer, SUPERSCRIPTS)}⁾` : ""}`;

/** What stands before a gradient. @param {string} of z or a */
export const gradientSign = (of) => (isTextbook() ? `\u2202L/\u2202${of} ` : "dL ");

/** What an output is called: p for a probability, else the a of its layer. @param {Scene} scene @param {number} unit */
export const outputName = (scene, unit) => {
  const [letter, layer] = areProbabilities(scene.program) ? ["p", 0] : ["a", scene.depth];
  return named(letter, layer, unit, scene.program.units(scene.depth));
};

/** @param {string} letter @param {number} layer @param {number} unit @param {number} outputs */
function named(letter, layer, unit, outputs) {
  const quoted = quotedClass(unit, outputs);
  return quoted ? `${layered(letter, layer)}(${quoted})` : unitName(letter, layer, unit);
}

/** What a unit is called: an output by its class where that is a number. @param {Scene} scene @param {string} letter @param {number} layer @param {number} unit */
export const nameIn = (scene, letter, layer, unit) => (layer === scene.depth ? named(letter, layer, unit, scene.program.units(layer)) : unitName(letter, layer, unit));

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
  const bias = role === "z" ? biasOf(scene, layer, unit) : null;
  const own = { tensor, letter, role, layer, unit, value, gradient, isActive, before, gradientBefore, parameter: bias?.text ?? "", parameterKind: bias?.kind ?? "" };
  // Its name stands over a tab, or comes down.
  const isUnderTab = hasTabOn(scene, layer, unit);
  return guard([...scene.look, ...Object.values(own), isUnderTab], () => circleTemplate(scene, centre, own, onSelect));
}

/**
 * @param {Scene} scene
 * @param {{x: number, y: number}} centre
 * @param {{tensor: string, letter: string, role: string, layer: number, unit: number, value: number | null, gradient?: number | null,
 *   isActive: boolean, before: number | null, gradientBefore: number | null, parameter: string, parameterKind: string}} unit before: what it was
 *   before the last change, where that changed it
 * @param {(cell: Cell) => void} onSelect
 */
function circleTemplate(scene, centre, { tensor, letter, role, layer, unit, value, gradient, isActive, before, gradientBefore, parameter, parameterKind }, onSelect) {
  const { r, w, detail, isLarge, hasTabs } = scene.geometry;
  const name = nameIn(scene, letter, layer, unit);
  const column = layer === 0 ? columnName(scene.state, unit) : "";
  const said = column ? `${name} (${column})` : name;
  const isBatch = scene.scope === "batch";
  const hasGradient = !isBatch && gradient !== null && gradient !== undefined;
  // Where there is no room for two, the number that came last.
  const isGradient = hasGradient && !hasTabs;
  const shown = isGradient ? gradient : value;
  const strength = shown === null || !Number.isFinite(shown) || shown === 0 ? 0 : Math.min(1, 0.25 + Math.abs(shown) / 3);
  const label = value === null ? t("network.not_computed") : number(value);
  const isNamed = isBatch && !parameter;
  const isLow = isNamed && r < LOW;
  const text = isBatch ? parameter || (isLow ? unitName(letter, 0, unit) : name) : (linesOf(value, isGradient ? gradient : null, false)[0]?.text ?? "");
  // The bracket beside the bar says the same number, where there is no room for two.
  const isSaidByTheGap = layer === scene.depth && scene.program.isShortened && scene.geometry.hasGapNumbers && !scene.geometry.hasGradientsOfOutputs && scene.hasGap(unit);
  const line = hasGradient ? `${detail === "full" ? gradientSign(role) : ""}${signed(gradient)}` : "";
  const hasLine = hasGradient && !isGradient && !isSaidByTheGap && !(isLarge && scene.hasBiases);
  return svg`<g class="unit ${kindOfNumber(shown)} ${isGradient ? "is-gradient" : ""} ${isActive ? "active" : ""}" tabindex="0" role="button" aria-label=${`${said}: ${label}`}
      data-cell=${`${tensor}:${unit}`} @click=${() => onSelect({ tensor, index: [unit] })}
      @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, () => onSelect({ tensor, index: [unit] }))}>
    <title>${titleOf(said, `d${tensor}`, value, isBatch ? null : gradient)}</title>
    <rect class="unit-back" x=${centre.x - w} y=${centre.y - r} width=${2 * w} height=${2 * r} rx=${r}></rect>
    <rect class="unit-fill" x=${centre.x - w} y=${centre.y - r} width=${2 * w} height=${2 * r} rx=${r} fill-opacity=${0.34 * strength}></rect>
    ${text === "" ? "" : svg`<text class=${isNamed ? `unit-name inside ${isLow ? "low" : ""}` : `unit-value ${isGradient ? "backward" : isBatch ? parameterKind : ""}`} x=${centre.x} y=${centre.y + 1 - (isLow ? LIFT : 0)}
      textLength=${tightened(scene, isNamed ? "name" : "value", text, 2 * (w - AIR.circle))} lengthAdjust="spacingAndGlyphs">${text}</text>`}
    ${detail === "full" ? ghostTemplate(before, centre.x, centre.y + 19) : ""}
    ${detail === "full" && r > ROOMY ? ghostTemplate(gradientBefore, centre.x, centre.y + r + 32) : ""}
    ${nameTemplate(scene, centre, { layer, unit }, name)}
    ${hasLine ? svg`<text class="gradient label" @click=${onPress(() => onSelect({ tensor: `d${tensor}`, index: [unit] }))} x=${centre.x} y=${centre.y + r + (detail === "full" ? 19 : isLarge ? 15 : 14)}
        textLength=${tightened(scene, "label", line, mostOver(scene))} lengthAdjust="spacingAndGlyphs">${line}</text>` : ""}
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
 * What the tab of a bias says: its number, its gradient once that has come, and in the update what it was and is.
 * @param {Scene} scene @param {string} name of the bias @param {number} unit
 */
export function tabOf(scene, name, unit) {
  const { program, operation, scope, geometry } = scene;
  const target = program.tensor(operation.output);
  const isFull = geometry.detail === "full";
  const bias = scene.parameter(name, [unit]);
  const own = { text: `${isFull || isUnitAsked(scene, program.tensor(name).layer ?? 0, unit) ? "b " : ""}${signed(bias)}`, kind: bias < 0 ? "negative" : "positive" };
  if (scene.isLive) return own;
  if (operation.segment !== "update") {
    // Where tabs are small they keep their bias, as long as its gradient is not in play: a gradient has more digits. A lab tells of all that have come.
    const isTold = isFull || target.of === name || scene.state.lab !== null;
    const gradient = scope === "batch" ? scene.batchValue(`d${name}`, [unit]) : isTold ? scene.value(`d${name}`, [unit]) : null;
    return gradient === null ? own : { text: `${isFull ? "db " : ""}${signed(gradient)}`, kind: "backward" };
  }
  // What an optimizer remembers of it, while that is worked out.
  const isMemory = target.of !== null && target.of !== name && program.root(target.name) === name;
  const [of, next] = isMemory && target.of ? [target.of, target.name] : [name, `${name}_next`];
  const after = program.byName.has(next) ? scene.batchValue(next, [unit]) : null;
  if (after === null) return own;
  return { text: `${isFull ? `${number(scene.batch.at(of, [unit]))} ` : ""}→ ${number(after)}`, kind: isMemory ? "memory" : "update" };
}

/** @param {Scene} scene @param {string} text */
export const tabWidth = (scene, text) => widthIn(scene, "bias", text) + 2 * (scene.geometry.isTight ? AIR.tightTab : AIR.tab);

/** How wide a line may be that stands over or below a unit. @param {Scene} scene */
const mostOver = ({ geometry: { w, gap, isLarge } }) => (gap < CLOSE && !isLarge ? 2 * (w + OVER) : Infinity);

/** What the tab of an output may take where the label of its bar begins behind it. @param {Scene} scene */
export const mostOfTab = (scene) => tabWidth(scene, signed(LONG_BIAS));

/** Where a tab stands: its middle, and its size. @param {Scene} scene @param {number} layer @param {number} unit @param {string} text */
export function tabBox(scene, layer, unit, text) {
  const { geometry, program } = scene;
  const { x: middle, y } = geometry.bias(layer, unit);
  const next = program.hasGate(layer) ? geometry.gateCentre(layer, unit).x - geometry.gate / 2 : geometry.a(layer, unit).x - geometry.bar.width / 2;
  // A long one leaves free what stands behind its z, and before.
  const first = geometry.columns[layer - 1].a + geometry.w + BESIDE;
  const isBeforeBar = layer === scene.depth && geometry.detail === "compact" && !geometry.isLarge;
  const width = Math.min(tabWidth(scene, text), next - BESIDE - first, isBeforeBar ? mostOfTab(scene) : Infinity, geometry.detail === "full" && !text.includes("→") ? mostOver(scene) : Infinity);
  const height = geometry.detail === "full" || geometry.isLarge ? 19 : 16;
  return { x: Math.max(first + width / 2, Math.min(middle, next - BESIDE - width / 2)), y: y - 2, width, height };
}

/**
 * The signed tab on top of a z; where there is no room for its number, a tint.
 * @param {Scene} scene @param {number} layer @param {number} unit @param {(cell: Cell) => void} onSelect
 */
function biasTemplate(scene, layer, unit, onSelect) {
  const { geometry, program } = scene;
  const name = program.named("b", layer)?.name;
  if (!name || !scene.hasBiases) return "";
  const bias = scene.parameter(name, [unit]);
  if (!geometry.hasTabs) return guard([...scene.look, bias], () => tintTemplate(geometry, layer, unit, bias));
  if (!scene.hasTabs) return "";
  const { text, kind } = tabOf(scene, name, unit);
  if (kind !== "backward" && !hasTabOn(scene, layer, unit)) return "";
  const isSilent = scene.hasStopped(layer, unit);
  return guard([...scene.look, name, unit, kind, bias, text, isSilent], () => {
    const { x, y, width, height } = tabBox(scene, layer, unit, text);
    return svg`<g class="bias ${kind} ${isSilent ? "silent" : ""}" data-cell=${`${name}:${unit}`} tabindex="0" role="button" aria-label=${`${nameIn(scene, "b", layer, unit)}: ${text.replace(/^b /, "")}`}
      @click=${() => onSelect({ tensor: name, index: [unit] })} @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, () => onSelect({ tensor: name, index: [unit] }))}>
    <title>${name}[${unit}] = ${exactly(bias)}</title>
    <rect class="reach" x=${x - Math.max(width / 2, REACH)} y=${y - REACH} width=${Math.max(width, 2 * REACH)} height=${2 * REACH}></rect>
    <rect x=${x - width / 2} y=${y - height / 2} width=${width} height=${height} rx=${height / 2}></rect>
    <text class="label" x=${x} y=${y + 1} textLength=${tightened(scene, "bias", text, width - 2 * AIR.tightTab)} lengthAdjust="spacingAndGlyphs">${text}</text>
  </g>`;
  });
}

/** A bias as a mark before its z: sign by colour and shape, size by strength. @param {import("../../draw/geometry.js").Geometry} geometry @param {number} layer @param {number} unit @param {number} bias */
function tintTemplate(geometry, layer, unit, bias) {
  const { x, y } = geometry.z(layer, unit);
  const [left, top] = [x - geometry.w + geometry.r * 0.3, y - geometry.r + geometry.r * 0.3];
  const strength = bias === 0 || !Number.isFinite(bias) ? 0 : Math.min(1, 0.3 + Math.abs(bias) / 2);
  // Of a bias of 0 the rim alone is seen, not the edges below it.
  return svg`<circle class="bias-ground" cx=${left} cy=${top} r="3"></circle><circle class="bias-tint ${bias < 0 ? "negative" : "positive"}" cx=${left} cy=${top} r="3" fill-opacity=${strength}></circle>`;
}

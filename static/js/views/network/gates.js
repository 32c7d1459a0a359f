import { guard, svg } from "../../vendor/lit.js";
import { number, signed } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { widthIn } from "./fonts.js";
import { onPress, pressed } from "./press.js";
import { gradientSign, unitName } from "./units.js";
import { pictureOf } from "./unit-pictures.js";
import { fateOf } from "../../trace/measure/gates.js";
import { gatePlotOf, kindOf, opening } from "./gate-plot.js";

/**
 * The gates: a small plot of the activation with a dot at z, open as far as the slope there.
 *
 * @typedef {import("./scene.js").Scene} Scene
 */

/** Between words and what stands beside them, in px. */
const AIR = 7;

/** @param {number} layer @param {number} unit */
const maskName = (layer, unit) => `${t("table.gate")} ${unitName("z", layer, unit)}`;

/** What a gate does to a gradient. @param {number | null} slope */
const gateWords = (slope) => (slope === null ? "" : t(slope === 0 ? "gate.blocks" : "gate.passes", { slope: number(slope) }));

/** Whether a gate that is shut here is shut for all. @param {Scene} scene @param {number} layer @param {number} unit @param {number | null} slope here */
export const fateOfGate = (scene, layer, unit, slope) => (slope === 0 ? fateOf(scene.state.live ?? scene.batch, layer, unit) : "some");

/** What a gate does, in words. @param {number | null} slope @param {import("../../trace/measure/gates.js").Fate} fate */
const saidOfGate = (slope, fate) => (slope === null ? t("network.not_computed") : fate === "some" ? gateWords(slope) : `${gateWords(slope)}. ${t(`gates.${fate}`)}`);

/** A gate that is shut for the whole batch has a second frame. @param {import("../../trace/measure/gates.js").Fate} fate @param {number} half of its size */
export const fateTemplate = (fate, half) =>
  fate === "off" ? svg`<rect class="inner" x=${3.5 - half} y=${3.5 - half} width=${2 * half - 7} height=${2 * half - 7} rx=${Math.min(6, half / 3)}></rect>` : "";

/** @param {Scene} scene @param {(cell: import("../../state.js").Cell) => void} onSelect */
export const gatesTemplate = (scene, onSelect) =>
  Array.from({ length: scene.depth }, (_, above) => {
    const gateOf = gatesOf(scene, above + 1, onSelect);
    return Array.from({ length: scene.program.units(above + 1) }, (_, unit) => gateOf(unit));
  });

/**
 * Draws the gates of a layer: what they share is worked out once.
 * @param {Scene} scene @param {number} layer
 * @param {(cell: import("../../state.js").Cell) => void} onSelect
 * @returns {(unit: number) => unknown}
 */
export function gatesOf(scene, layer, onSelect) {
  const { geometry, program, depth, scope } = scene;
  const plot = gatePlotOf(scene, layer);
  const mask = program.named("mask", layer)?.name;
  if (!plot || !mask) return () => "";
  const { half, corner, dot, reach, cross, lanes, hasPlot, words: below, stop } = geometry.gateBox(layer);
  const isFull = geometry.detail === "full";
  const isBatch = scope === "batch";
  // Words stand between the gradients of z and a; where these leave no room, the number alone.
  const hasWords = below !== null && (isFull || (scene.hasBiases && layer < depth));
  const besideOf = (/** @type {number} */ unit) => (isBatch || !hasWords ? [] : ["dz", "da"].map((role) => scene.role(role, layer, [unit])));
  const room = geometry.gateCentre(layer, 0).x - geometry.z(layer, 0).x - AIR;
  const isFreeAt = (/** @type {string} */ words, /** @type {(number | null)[]} */ beside) => {
    const widest = Math.max(...beside.map((value, place) => (value === null ? 0 : widthIn(scene, "label", `${isFull ? gradientSign(place === 0 ? "z" : "a") : ""}${signed(value)}`))), 0);
    return (widthIn(scene, "label", words) + widest) / 2 <= room;
  };
  // As far as a gradient has come, its lane is lit: before a shut gate it ends.
  const isLit = (/** @type {string} */ role, /** @type {number} */ unit) => scope === "sample" && scene.operation.segment === "backward" && (scene.role(role, layer, [unit]) ?? 0) !== 0;
  const slopeOf = (/** @type {number} */ unit) => (isBatch ? null : scene.value(mask, [unit]));
  /** Whether the picture of the next unit stands below that. @param {number} end @param {number} next */
  const isFreeDownTo = (end, next) => {
    const picture = next < program.units(layer) ? pictureOf(scene, layer, next) : null;
    return !picture || picture.isInGate || picture.y - picture.size / 2 >= end + AIR;
  };
  // All gates of a layer say it in words, or none does.
  const hasWholeWords = isFull && hasWords && Array.from({ length: program.units(layer) }, (_, unit) => isFreeAt(gateWords(slopeOf(unit)), besideOf(unit))).every(Boolean);
  return (unit) => {
    const { x, y } = geometry.gateCentre(layer, unit);
    const slope = slopeOf(unit);
    const z = isBatch ? null : scene.role("z", layer, [unit]);
    const beside = besideOf(unit);
    const isFree = (/** @type {string} */ words) => isFreeAt(words, beside);
    const hasStopped = scene.hasStopped(layer, unit);
    const [isLitBefore, isLitAfter] = lanes ? [isLit("dz", unit), isLit("da", unit)] : [false, false];
    const picture = pictureOf(scene, layer, unit);
    const fate = fateOfGate(scene, layer, unit, slope);
    // A dead gate covers its picture, which would have nothing open.
    const isPlot = !picture?.isInGate || fate === "dead";
    return guard([...scene.look, plot, mask, unit, slope, z, hasStopped, isLitBefore, isLitAfter, picture !== null, isPlot, fate, hasWholeWords, ...beside], () => {
      const said = saidOfGate(slope, fate);
      const factor = slope === null ? "" : `${isFull ? "× " : "×"}${number(slope)}`;
      const words = slope === null || !hasWords ? "" : isFull ? (hasWholeWords ? gateWords(slope) : factor) : isFree(factor) ? factor : "";
      const onGate = () => onSelect({ tensor: mask, index: [unit] });
      return svg`<g class="gate ${kindOf(slope)} fate-${fate} ${isPlot ? "" : "pictured"} ${hasStopped ? "stopped" : ""}" tabindex=${geometry.isInRows ? -1 : 0} role="button" aria-label=${`${maskName(layer, unit)}: ${said}`} data-cell=${`${mask}:${unit}`}
          @click=${onPress(onGate)} @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, onGate)}>
        <title>${said}</title>
        ${lanes ? svg`<line class="lane ${isLitBefore ? "backward" : ""}" x1=${geometry.z(layer, unit).x + lanes.before} y1=${y} x2=${x - half} y2=${y}></line>
        <line class="lane ${isLitAfter ? "backward" : ""}" x1=${x + half} y1=${y} x2=${geometry.a(layer, unit).x - lanes.after} y2=${y}></line>` : ""}
        ${picture && isPlot ? svg`<rect class="reach" x=${picture.x - picture.size / 2} y=${picture.y - picture.size / 2} width=${picture.size} height=${picture.size}></rect>` : ""}
        <g transform=${`translate(${x} ${y})`}>
          <rect class="reach" x=${-reach} y=${-reach} width=${2 * reach} height=${2 * reach}></rect>
          <rect x=${-half} y=${-half} width=${2 * half} height=${2 * half} rx=${corner}></rect>
          ${fateTemplate(fate, half)}
          ${!isPlot ? "" : hasPlot ? plotTemplate(plot, half, z, slope, dot) : doorTemplate(half, slope)}
          ${hasStopped ? crossTemplate(cross.x, cross.size) : ""}
        </g>
        ${words ? svg`<text class="label" x=${x} y=${y + half + /** @type {number} */ (below)}>${words}</text>` : ""}
        ${hasStopped && stop !== null && isFreeDownTo(y + stop, unit + 1) ? svg`<text class="stop-words" x=${x} y=${y + stop}>${t("gate.stops")}</text>` : ""}
      </g>`;
    });
  };
}

/** Where a plot could not be seen: two leaves that leave a way as wide as the slope. @param {number} half of the gate @param {number | null} slope */
function doorTemplate(half, slope) {
  if (slope === null) return "";
  const leaf = (half - 1.5) * (1 - Math.max(0, Math.min(1, slope)));
  if (leaf < 0.5) return svg`<path class="gate-door is-open" d=${`M${2 - half} 0H${half - 2}`}></path>`;
  return svg`<path class="gate-door" d=${`M0 ${1.5 - half}v${leaf}M0 ${half - 1.5}v${-leaf}`}></path>`;
}

/** The mark of a gradient that has stopped, at the side of the gate to which it comes. @param {number} x its middle @param {number} size half of it */
const crossTemplate = (x, size) => svg`<path class="cross" d=${`M${x - size} ${-size}l${2 * size} ${2 * size}m0 ${-2 * size}l${-2 * size} ${2 * size}`}></path>`;

/**
 * The opening, the curve, and at z the dot with the slope that holds there.
 * @param {import("./gate-plot.js").GatePlot} plot
 * @param {number} half size of the gate
 * @param {number | null} z
 * @param {number | null} slope
 * @param {number} radius of the dot
 */
function plotTemplate(plot, half, z, slope, radius) {
  const way = opening(slope) * (half - 1);
  const corner = Math.max(0, way - half + Math.min(9, half / 2));
  const dot = z === null || !Number.isFinite(z) ? null : plot.at(z, plot.f(z));
  const tangent = dot && z !== null && slope !== null && Number.isFinite(slope) ? plot.tangent(z, slope, half) : null;
  return svg`${kindOf(slope) === "part" ? svg`<rect class="gate-way" x=${1 - half} y=${-way} width=${2 * half - 2} height=${2 * way} rx=${corner}></rect>` : ""}
    <polyline points=${plot.curve(half)}></polyline>
    ${tangent ? svg`<line class="gate-slope" x1=${tangent.x1} y1=${tangent.y1} x2=${tangent.x2} y2=${tangent.y2}></line>` : ""}
    ${dot ? svg`<circle class="gate-dot" cx=${dot.x * half} cy=${dot.y * half} r=${radius}></circle>` : ""}`;
}

import { guard, svg } from "../../vendor/lit.js";
import { number, signed } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { widthIn } from "./fonts.js";
import { pressed } from "./press.js";
import { gradientSign, unitName } from "./units.js";
import { pictureOf } from "./unit-pictures.js";
import { fateOf } from "../../trace/gates.js";
import { gatePlotOf, kindOf, opening } from "./gate-plot.js";

/**
 * The gates: a small plot of the activation with a dot at z, open as far as the slope there.
 *
 * @typedef {import("./scene.js").Scene} Scene
 */

/** Half of the least size that a finger can hit, in px. */
const REACH = 13;
/** Half of the cross at which a gradient has stopped, in px, and how much of a gate it takes at most. */
const CROSS = 12;
const CROSS_PART = 0.55;
const AIR = 3;

/** @param {number} layer @param {number} unit */
const maskName = (layer, unit) => `${t("table.gate")} ${unitName("z", layer, unit)}`;

/** What a gate does to a gradient. @param {number | null} slope */
const gateWords = (slope) => (slope === null ? "" : t(slope === 0 ? "gate.blocks" : "gate.passes", { slope: number(slope) }));

/** Whether a gate that is shut here is shut for all. @param {Scene} scene @param {number} layer @param {number} unit @param {number | null} slope here */
export const fateOfGate = (scene, layer, unit, slope) => (slope === 0 ? fateOf(scene.state.live ?? scene.batch, layer, unit) : "some");

/** What a gate does, in words. @param {number | null} slope @param {import("../../trace/gates.js").Fate} fate */
export const saidOfGate = (slope, fate) => (slope === null ? t("network.not_computed") : fate === "some" ? gateWords(slope) : `${gateWords(slope)}. ${t(`gates.${fate}`)}`);

/** A gate that is shut for the whole batch has a second frame. @param {import("../../trace/gates.js").Fate} fate @param {number} half of its size */
export const fateTemplate = (fate, half) =>
  fate === "off" ? svg`<rect class="inner" x=${3.5 - half} y=${3.5 - half} width=${2 * half - 7} height=${2 * half - 7} rx=${Math.min(6, half / 3)}></rect>` : "";

/**
 * @param {Scene} scene
 * @param {(cell: import("../../state.js").Cell) => void} onSelect
 */
export function gatesTemplate(scene, onSelect) {
  const { geometry, program, depth } = scene;
  const half = geometry.gate / 2;
  return Array.from({ length: depth }, (_, above) => {
    const layer = above + 1;
    const plot = gatePlotOf(scene, layer);
    const mask = program.named("mask", layer)?.name;
    if (!plot || !mask) return "";
    const isFull = geometry.detail === "full";
    const end = layer < depth ? geometry.w : geometry.bar.width / 2;
    return Array.from({ length: program.units(layer) }, (_, unit) => {
      const { x, y } = geometry.gateCentre(layer, unit);
      const slope = scene.scope === "batch" ? null : scene.value(mask, [unit]);
      const z = scene.scope === "batch" ? null : scene.role("z", layer, [unit]);
      const beside = scene.scope === "batch" ? [] : ["dz", "da"].map((role) => scene.role(role, layer, [unit]));
      // Words stand between the gradients of z and a; where these leave no room, the number alone.
      const isFree = (/** @type {string} */ words) => {
        const widest = Math.max(...beside.map((value, place) => (value === null ? 0 : widthIn(scene, "label", `${isFull ? gradientSign(place === 0 ? "z" : "a") : ""}${signed(value)}`))), 0);
        return (widthIn(scene, "label", words) + widest) / 2 + AIR <= x - geometry.z(layer, 0).x;
      };
      const hasStopped = scene.hasStopped(layer, unit);
      const picture = pictureOf(scene, layer, unit);
      const isPlot = !picture?.isInGate;
      const fate = fateOfGate(scene, layer, unit, slope);
      return guard([...scene.look, plot, mask, unit, slope, z, hasStopped, isPlot, fate, ...beside], () => {
        const words = gateWords(slope);
        const said = saidOfGate(slope, fate);
        return svg`<g class="gate ${kindOf(slope)} fate-${fate} ${isPlot ? "" : "pictured"} ${hasStopped ? "stopped" : ""}" tabindex="0" role="button" aria-label=${`${maskName(layer, unit)}: ${said}`} data-cell=${`${mask}:${unit}`}
            @click=${() => onSelect({ tensor: mask, index: [unit] })} @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, () => onSelect({ tensor: mask, index: [unit] }))}>
          <title>${said}</title>
          <line class="lane" x1=${geometry.z(layer, unit).x + geometry.w} y1=${y} x2=${x - half} y2=${y}></line>
          <line class="lane" x1=${x + half} y1=${y} x2=${geometry.a(layer, unit).x - end} y2=${y}></line>
          ${picture && isPlot ? svg`<rect class="reach" x=${picture.x - picture.size / 2} y=${picture.y - picture.size / 2} width=${picture.size} height=${picture.size}></rect>` : ""}
          <g transform=${`translate(${x} ${y})`}>
            <rect class="reach" x=${-Math.max(half, REACH)} y=${-Math.max(half, REACH)} width=${2 * Math.max(half, REACH)} height=${2 * Math.max(half, REACH)}></rect>
            <rect x=${-half} y=${-half} width=${2 * half} height=${2 * half} rx=${Math.min(9, half / 2)}></rect>
            ${fateTemplate(fate, half)}
            ${isPlot ? plotTemplate(plot, half, z, slope, geometry.detail === "full" ? 4.5 : 3) : ""}
            ${hasStopped ? crossTemplate(half, Math.min(CROSS, half * CROSS_PART)) : ""}
          </g>
          ${slope !== null && isFull ? svg`<text class="label" x=${x} y=${y + half + 18}>${isFree(words) ? words : `× ${number(slope)}`}</text>` : ""}
          ${slope !== null && geometry.detail === "compact" && !geometry.isTight && scene.hasBiases && layer < depth && isFree(`×${number(slope)}`) ? svg`<text class="label" x=${x} y=${y + half + 12}>×${number(slope)}</text>` : ""}
        </g>`;
      });
    });
  });
}

/** The mark of a gradient that has stopped, at the side of the gate to which it comes. @param {number} half of the gate @param {number} size half of the cross */
const crossTemplate = (half, size) => svg`<path class="cross" d=${`M${half - size} ${-size}l${2 * size} ${2 * size}m0 ${-2 * size}l${-2 * size} ${2 * size}`}></path>`;

/**
 * The opening, the curve, and at z the dot with the slope that holds there.
 * @param {import("./gate-plot.js").GatePlot} plot
 * @param {number} half size of the gate
 * @param {number | null} z
 * @param {number | null} slope
 * @param {number} radius of the dot
 */
export function plotTemplate(plot, half, z, slope, radius) {
  const way = opening(slope) * (half - 1);
  const corner = Math.max(0, way - half + Math.min(9, half / 2));
  const dot = z === null || !Number.isFinite(z) ? null : plot.at(z, plot.f(z));
  const tangent = dot && z !== null && slope !== null && Number.isFinite(slope) ? plot.tangent(z, slope, half) : null;
  return svg`${kindOf(slope) === "part" ? svg`<rect class="gate-way" x=${1 - half} y=${-way} width=${2 * half - 2} height=${2 * way} rx=${corner}></rect>` : ""}
    <polyline points=${plot.curve(half)}></polyline>
    ${tangent ? svg`<line class="gate-slope" x1=${tangent.x1} y1=${tangent.y1} x2=${tangent.x2} y2=${tangent.y2}></line>` : ""}
    ${dot ? svg`<circle class="gate-dot" cx=${dot.x * half} cy=${dot.y * half} r=${radius}></circle>` : ""}`;
}

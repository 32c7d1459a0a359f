import { guard, svg } from "../../../vendor/lit.js";
import { number } from "../../../core/format.js";
import { t } from "../../../core/i18n.js";
import { areProbabilities } from "../../../trace/program/outcome.js";
import { onPress, pressed } from "../press.js";
import { biasOf } from "../said.js";
import { unitName } from "../units.js";
import { barTemplate } from "./bar.js";
import { outcomesOf } from "./outcomes.js";
import { fateOfGate, gatesOf } from "../gates.js";
import { cellsOf, pictureOf, scaleOf } from "./thumbnails.js";

/**
 * The rows of a layer: the weights into each unit as a small picture, z, gate and a (or p) as bars.
 *
 * @typedef {import("../scene.js").Scene} Scene
 * @typedef {import("../../../draw/rows-geometry.js").RowsGeometry} RowsGeometry
 * @typedef {import("../../../state.js").Cell} Cell
 * @typedef {(cell: Cell) => void} OnSelect
 */

/** From the number of a unit to its weights, and from the middle of a row down to its foot, in px. */
const BEFORE = 5;
const HALF_DIGIT = 4;

/** Largest of two tensors, so that both have one scale. @param {import("../../../trace/program/trace.js").Trace} trace @param {(string | undefined)[]} names */
export const sharedScale = (trace, names) => Math.max(...names.map((name) => (name ? scaleOf(cellsOf(trace, name)) : 0)), Number.MIN_VALUE);

/**
 * The scales of a hidden layer, or of the z of the output: z and a share one, dz and da another.
 * @param {Scene} scene @param {number} layer
 */
export function scalesOf(scene, layer) {
  const name = (/** @type {string} */ role) => scene.program.named(role, layer)?.name;
  const values = scene.isLive ? scene.trace : scene.batch;
  const names = layer < scene.depth ? [name("z"), name("a")] : [name("z")];
  return { value: sharedScale(values, names), gradient: sharedScale(scene.trace, [name("dz"), name("da")]) };
}

/**
 * @param {Scene} scene @param {number} layer
 * @param {{layer: number, unit: number} | null} selected
 * @param {{layer: number, unit: number}} lens
 * @param {OnSelect} onSelect
 * @param {(cell: Cell | null) => void} onPoint
 */
export function unitRows(scene, layer, selected, lens, onSelect, onPoint) {
  const { program, depth } = scene;
  const geometry = /** @type {RowsGeometry} */ (scene.geometry);
  const block = geometry.blocks[layer - 1];
  const { bars, digits, hasNumbers } = block;
  const names = Object.fromEntries(["z", "a", "mask"].map((role) => [role, program.named(role, layer)?.name]));
  const scales = scalesOf(scene, layer);
  const gateOf = gatesOf(scene, layer, onSelect);
  const outcomes = layer === depth ? outcomesOf(scene, onSelect) : null;
  const isBatch = scene.scope === "batch";
  const sample = (/** @type {string} */ role, /** @type {number} */ unit) => (isBatch ? null : scene.role(role, layer, [unit]));
  const first = selected?.layer === layer ? selected.unit : 0;
  const [W, b] = ["W", "b"].map((role) => program.named(role, layer)?.name);
  return Array.from({ length: program.units(layer) }, (_, unit) => {
    const { y } = geometry.z(layer, unit);
    const [z, a, slope, dz, da] = ["z", "a", "mask", "dz", "da"].map((role) => sample(role, unit));
    const isSelected = selected?.layer === layer && selected.unit === unit;
    const isShown = lens.layer === layer && lens.unit === unit;
    const own = { tensor: /** @type {string} */ (names.z), index: [unit] };
    const ofBias = biasBar(scene, layer, unit);
    const shows = [W, b].flatMap((name) => (name ? Object.values(pictureOf(scene, name, unit)) : []));
    const looks = [z, a, slope, dz, da, isSelected, isShown, unit === first, fateOfGate(scene, layer, unit, slope), scene.hasStopped(layer, unit), scales.value, scales.gradient];
    return guard([...scene.look, layer, unit, ...looks, ...Object.values(ofBias), ...shows, ...(outcomes?.looksOf(unit) ?? [])], () => {
      // Where both bars share their digits there is room for the newest alone: z, then a, then da, then dz.
      const isOfA = !hasNumbers && a !== null && (dz === null || layer === depth);
      const isOfZ = !hasNumbers && (dz !== null || a === null);
      const shared = { unit, y, height: block.line, gradientScale: scales.gradient, hasTwoLines: block.hasTwoLines };
      const onA = () => onSelect({ tensor: names.a ?? "", index: [unit] });
      return svg`<g class="row ${isSelected ? "selected" : ""} ${isShown ? "in-lens" : ""} ${slope === 0 ? "shut" : ""}" tabindex=${unit === first ? 0 : -1} role="button"
          aria-label=${sentence(scene, layer, unit, { z, a, slope, dz, da })} aria-pressed=${isSelected} data-row=${`${layer}:${unit}`}
          @click=${() => onSelect(own)} @keydown=${(/** @type {KeyboardEvent} */ event) => onKey(event, () => onSelect(own))}
          @pointerenter=${() => onPoint(own)} @focus=${() => onPoint(own)}>
        <rect class="row-back" x=${block.left - 4} y=${y - block.pitch / 2 + 0.5} width=${block.right - block.left + 6} height=${block.pitch - 1} rx="5"></rect>
        <line class="lane row-lane" x1=${bars.z} x2=${bars.a} y1=${y} y2=${y}></line>
        ${outcomes ? "" : svg`<text class="row-class unit-number" x=${block.thumb.x - BEFORE} y=${y + HALF_DIGIT}>${number(unit + 1)}</text>`}
        ${picturesTemplate(scene, layer, unit, onSelect)}
        ${barTemplate(scene, { ...shared, name: own.tensor, x: bars.z, width: bars.zWidth, value: z, scale: scales.value, gradient: dz, ...ofBias, isMute: isOfA, digits: digits.z })}
        ${gateOf(unit)}
        ${outcomes
          ? outcomes.template(unit)
          : svg`<g class="row-part" tabindex="-1" role="button" aria-label=${`${unitName("a", layer, unit)}: ${a === null ? t("network.not_computed") : number(a)}`} @click=${onPress(onA)} @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, onA)}>
            ${barTemplate(scene, { ...shared, name: names.a ?? "", x: bars.a, width: bars.aWidth, value: a, scale: scales.value, gradient: da, isMute: isOfZ, digits: digits.a })}</g>`}
      </g>`;
    });
  });
}

/** A z as the bar of its bias. @param {Scene} scene @param {number} layer @param {number} unit */
function biasBar(scene, layer, unit) {
  const bias = biasOf(scene, layer, unit);
  const name = scene.program.named("b", layer)?.name;
  if (!bias || !name) return {};
  const { text, value, gradient } = bias;
  if (value === null) return { text, gradient, gradientScale: scaleOf(cellsOf(scene.batch, `d${name}`)) };
  return { text, value, scale: Math.max(scaleOf(cellsOf(scene.batch, name)), Math.abs(value)) };
}

/** Frames of the thumbnail and of the bias; their cells are on the canvas below. @param {Scene} scene @param {number} layer @param {number} unit @param {OnSelect} onSelect */
function picturesTemplate(scene, layer, unit, onSelect) {
  const geometry = /** @type {RowsGeometry} */ (scene.geometry);
  const { thumb, bias } = geometry.blocks[layer - 1];
  const { y } = geometry.z(layer, unit);
  const W = /** @type {import("../../../trace/program/program.js").Tensor} */ (scene.program.named("W", layer)).name;
  const picture = pictureOf(scene, W, unit);
  const b = scene.program.named("b", layer)?.name;
  const tab = b && bias ? pictureOf(scene, b, unit) : null;
  const choose = (/** @type {MouseEvent} */ event) => {
    event.stopPropagation();
    const frame = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const part = (/** @type {number} */ at, /** @type {number} */ size, /** @type {number} */ cells) => Math.max(0, Math.min(cells - 1, Math.floor((at / size) * cells)));
    const input = part(event.clientY - frame.y, frame.height, thumb.rows) * thumb.columns + part(event.clientX - frame.x, frame.width, thumb.columns);
    onSelect({ tensor: picture.tensor, index: [input, unit] });
  };
  return svg`<rect class="thumb ${picture.kind}" data-shows=${picture.tensor} x=${thumb.x - 0.5} y=${Math.round(y - thumb.height / 2) - 0.5} width=${Math.round(thumb.width) + 1} height=${Math.round(thumb.height) + 1} @click=${choose}></rect>
    ${tab && bias ? svg`<rect class="thumb ${tab.kind}" data-cell=${`${b}:${unit}`} x=${bias.x - 0.5} y=${y - thumb.height / 2 - 0.5} width=${bias.width + 1} height=${Math.round(thumb.height) + 1}
      @click=${(/** @type {Event} */ event) => (event.stopPropagation(), onSelect({ tensor: tab.tensor, index: [unit] }))}><title>${tab.tensor}[${unit}]${tab.cells ? ` = ${number(tab.cells[unit])}` : ""}</title></rect>` : ""}`;
}

/** What a row says aloud. @param {Scene} scene @param {number} layer @param {number} unit @param {Record<"z" | "a" | "slope" | "dz" | "da", number | null>} values */
function sentence(scene, layer, unit, { z, a, slope, dz, da }) {
  const letter = layer < scene.depth || !areProbabilities(scene.program) ? "a" : "p";
  const part = (/** @type {string} */ name, /** @type {number | null} */ value) => (value === null ? "" : `${name} ${number(value)}`);
  const gate = slope === null ? "" : t(slope === 0 ? "gate.blocks" : "gate.passes", { slope: number(slope) });
  return [t("rows.unit", { unit: number(unit + 1), layer: number(layer) }), part("z", z), gate, part(letter, a), part("dL/da", da), part("dL/dz", dz)].filter(Boolean).join(", ");
}

/** Enter selects, up and down go from row to row, the other two from part to part. @param {KeyboardEvent} event @param {() => void} onSelect */
function onKey(event, onSelect) {
  const row = /** @type {Element} */ (event.currentTarget);
  const parts = [row, ...row.querySelectorAll("[tabindex]")];
  const at = parts.indexOf(/** @type {Element} */ (event.target));
  const to = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling, ArrowRight: parts[at + 1], ArrowLeft: parts[at - 1] }[event.key];
  // A part of a row answers for itself.
  if (at === 0 && (event.key === "Enter" || event.key === " ")) onSelect();
  else if (to instanceof SVGElement && (to.classList.contains("row") || parts.includes(to))) to.focus();
  else if (!event.key.startsWith("Arrow")) return;
  event.preventDefault();
  event.stopPropagation();
}

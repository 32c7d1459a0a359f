import { svg } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { widthIn } from "./fonts.js";
import { pressed } from "./press.js";

/**
 * A unit whose gate is shut for the current sample: another activation changes the most there. Without one the first unit.
 * @param {import("./scene.js").Scene} scene @param {number} layer
 */
function shutUnit({ program, trace, row }, layer) {
  const mask = program.named("mask", layer);
  const units = Array.from({ length: program.units(layer) }, (_, unit) => unit);
  return (mask && units.find((unit) => trace.at(mask.name, [row, unit]) === 0)) ?? 0;
}

/**
 * The name over a layer; that of a hidden layer leads to the same network with another activation there.
 * @param {import("./scene.js").Scene} scene
 * @param {number} layer
 * @param {string} name
 * @param {{x: number, y: number}} place
 * @param {import("../../playground.js").Playground} playground
 */
export function titleTemplate(scene, layer, name, { x, y }, playground) {
  const { depth, program, state } = scene;
  if (layer === 0 || layer === depth || state.isTraining || state.isPresenting) return svg`<text class="title" x=${x} y=${y}>${name}</text>`;
  const { focus } = state;
  const unit = focus && program.tensor(focus.tensor).layer === layer ? focus.index.at(-1) : undefined;
  const open = () => playground.inspector.exchange({ layer, unit: unit ?? shutUnit(scene, layer) });
  // As wide as what is read.
  const width = widthIn(scene, "title", name);
  return svg`<g class="way" tabindex="0" role="button" aria-haspopup="dialog" aria-label=${`${name}: ${t("diff.open")}`}
    @click=${open} @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, open)}><title>${t("diff.open")}</title>
    <rect class="reach" x=${x - width / 2} y=${y - 19} width=${width} height="28"/><text class="title" x=${x} y=${y}>${name}</text></g>`;
}

import { svg } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { widthIn } from "./fonts.js";
import { pressed } from "./press.js";

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
  const unit = state.focus && program.tensor(state.focus.tensor).layer === layer ? (state.focus.index.at(-1) ?? 0) : 0;
  const open = () => playground.inspector.exchange({ layer, unit });
  // As wide as what is read.
  const width = widthIn(scene, "title", name);
  return svg`<g class="way" tabindex="0" role="button" aria-haspopup="dialog" aria-label=${`${name}: ${t("diff.open")}`}
    @click=${open} @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, open)}><title>${t("diff.open")}</title>
    <rect class="reach" x=${x - width / 2} y=${y - 19} width=${width} height="28"/><text class="title" x=${x} y=${y}>${name}</text></g>`;
}

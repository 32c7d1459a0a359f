import { html } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";

/**
 * What of a drawing that is larger than its stage is out of sight, and the way there.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {{before: number, after: number, below: number}} Hidden layers on both sides, units of the largest layer below
 */

/** A pixel more or less hides nothing. */
const SLACK = 2;

/** @type {Hidden} */
export const NOTHING_HIDDEN = { before: 0, after: 0, below: 0 };

/** From where to where a layer goes, the last one with the loss, in px of the stage. @param {Scene} scene @param {number} layer */
function extent({ geometry, scale, depth }, layer) {
  const { z, a } = geometry.columns[layer];
  const right = layer < depth ? a + geometry.w : Math.max(a + geometry.bar.width / 2 + geometry.bracketRoom, geometry.lossCentre.x + geometry.loss.width / 2);
  return { left: (z - geometry.w) * scale, right: right * scale };
}

/**
 * @param {Scene} scene @param {Element} stage
 * @returns {Hidden}
 */
export function hiddenOf(scene, stage) {
  const { geometry, scale, room } = scene;
  if (!scene.isWider && !scene.isTaller) return NOTHING_HIDDEN;
  const { scrollLeft, scrollTop } = stage;
  const layers = scene.isWider ? geometry.columns.map((_, layer) => extent(scene, layer)) : [];
  const [, ...own] = geometry.rows;
  const rows = own.reduce((largest, one) => (one.length > largest.length ? one : largest));
  const half = rows.length > 1 ? (rows[1] - rows[0]) / 2 : 0;
  return {
    before: layers.filter(({ left }) => left < scrollLeft - SLACK).length,
    after: layers.filter(({ right }) => right > scrollLeft + room.width + SLACK).length,
    below: scene.isTaller ? rows.filter((y) => (y + half) * scale > scrollTop + room.height + SLACK).length : 0,
  };
}

/** Scroll to the layer in play, where that is out of sight. @param {Scene} scene @param {Element} stage */
export function follow(scene, stage) {
  if (!scene.isWider) return;
  const layer = scene.program.tensor(scene.operation.output).layer ?? (scene.operation.segment === "loss" ? scene.depth : 0);
  const [{ left }, { right }] = [extent(scene, Math.max(0, layer - 1)), extent(scene, layer)];
  const { scrollLeft } = stage;
  if (left >= scrollLeft && right <= scrollLeft + scene.room.width) return;
  stage.scrollTo({ left: (left + right - scene.room.width) / 2, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

/** @param {Hidden} hidden @param {(way: {left?: number, top?: number}) => void} go by so many stages */
export function moreTemplate({ before, after, below }, go) {
  return html`
    ${before ? html`<button class="more before" @click=${() => go({ left: -0.7 })}>◂ ${t("network.more_layers", { count: before, layers: number(before) })}</button>` : ""}
    ${after ? html`<button class="more after" @click=${() => go({ left: 0.7 })}>${t("network.more_layers", { count: after, layers: number(after) })} ▸</button>` : ""}
    ${below ? html`<button class="more after" @click=${() => go({ top: 0.7 })}>${t("network.more_units", { count: below, units: number(below) })} ▾</button>` : ""}`;
}

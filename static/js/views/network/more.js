import { html } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";

/**
 * What of a drawing that is larger than its stage is out of sight, and the way there.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {{before: number, after: number, below: number, isDown: boolean, areHeadsAway: boolean}} Hidden layers on both sides, units below; isDown: whether the input is out of sight above; areHeadsAway: whether the letters over the columns would be
 */

/** A pixel more or less hides nothing. */
const SLACK = 2;
/** Below the box of the loss, for what may stand there, where it is brought into sight. */
const AIR = 24;

/** @type {Hidden} */
export const NOTHING_HIDDEN = { before: 0, after: 0, below: 0, isDown: false, areHeadsAway: false };

/** From where to where a layer goes, the last one with the loss, in px of the stage. @param {Scene} scene @param {number} layer */
function extent({ geometry, scale, depth }, layer) {
  const { z, a } = geometry.columns[layer];
  const right = layer < depth ? a + geometry.w : Math.max(a + geometry.bar.width / 2 + geometry.bracketRoom, geometry.lossCentre.x + geometry.loss.width / 2);
  return { left: (z - geometry.w) * scale, right: right * scale };
}

/** Around the letters over the columns. */
const HEAD = { over: 14, under: 6 };

/** From where to where they go. @param {import("../../draw/geometry.js").Geometry} geometry */
export function headsOf(geometry) {
  const letters = geometry.rows.slice(1).flatMap((_, above) => geometry.lettersAt(above + 1).map(({ y }) => y));
  const top = Math.min(...letters) - HEAD.over;
  return { top, height: Math.max(...letters) + HEAD.under - top };
}

/** How far they go down to stay in sight. @param {Scene} scene @param {Element} stage */
export const headsDown = ({ geometry, scale }, { scrollTop }) => scrollTop / scale - headsOf(geometry).top;

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
  const lows = own.flatMap((rows) => rows.map((y) => y + (rows.length > 1 ? (rows[1] - rows[0]) / 2 : 0)));
  return {
    before: layers.filter(({ left }) => left < scrollLeft - SLACK).length,
    after: layers.filter(({ right }) => right > scrollLeft + room.width + SLACK).length,
    below: scene.isTaller ? lows.filter((y) => y * scale > scrollTop + room.height + SLACK).length : 0,
    isDown: scene.isTaller && geometry.rows[0][0] * scale < scrollTop,
    areHeadsAway: scene.isTaller && geometry.isInRows && headsOf(geometry).top * scale < scrollTop,
  };
}

/** Scroll to what is in play, where that is out of sight. @param {Scene} scene @param {Element} stage */
export function follow(scene, stage) {
  const to = { ...aside(scene, stage), ...down(scene, stage) };
  if (Object.keys(to).length) stage.scrollTo({ ...to, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

/** To its layer. @param {Scene} scene @param {Element} stage @returns {{left?: number}} */
function aside(scene, { scrollLeft }) {
  if (!scene.isWider) return {};
  const layer = scene.program.tensor(scene.operation.output).layer ?? (scene.operation.segment === "loss" ? scene.depth : 0);
  const [{ left }, { right }] = [extent(scene, Math.max(0, layer - 1)), extent(scene, layer)];
  if (left >= scrollLeft && right <= scrollLeft + scene.room.width) return {};
  return { left: (left + right - scene.room.width) / 2 };
}

/** To the loss below the outputs; up again to the gradients of the input, and with the next step; and from those down to what the batch has. @param {Scene} scene @param {Element} stage @returns {{top?: number}} */
function down({ isTaller, operation, timeline, state, program, geometry, scale, room }, { scrollTop }) {
  if (!isTaller) return {};
  if (operation.segment === "given" || program.tensor(operation.output).role === "dx") return { top: 0 };
  const isFirst = timeline.operations[state.operation - 1]?.segment !== operation.segment;
  const low = (geometry.lossCentre.y + geometry.loss.height / 2) * scale + AIR;
  return (operation.segment === "loss" || (operation.segment === "average" && isFirst)) && low > scrollTop + room.height ? { top: low - room.height } : {};
}

/** So many layers, in few words where there is little room. @param {number} count */
const layersTemplate = (count) => html`<span class="long">${t("network.more_layers", { count, layers: number(count) })}</span><span class="short">${t("network.layers", { count, layers: number(count) })}</span>`;

/** @param {Hidden} hidden @param {(way: {left?: number, top?: number}) => void} go by so many stages */
export function moreTemplate({ before, after, below, isDown }, go) {
  return html`
    ${before ? html`<button class="more before" @click=${() => go({ left: -0.7 })}>◂ ${layersTemplate(before)}</button>` : ""}
    ${after ? html`<button class="more after" @click=${() => go({ left: 0.7 })}>${layersTemplate(after)} ▸</button>` : ""}
    ${below ? html`<button class="more after" @click=${() => go({ top: 0.7 })}>${t("network.more_units", { count: below, units: number(below) })} ▾</button>` : ""}
    ${isDown && !below ? html`<button class="more after" @click=${() => go({ top: -1 })}>${t("network.input")} ▴</button>` : ""}`;
}

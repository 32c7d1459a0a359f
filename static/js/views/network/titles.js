import { number } from "../../core/format.js";
import { nameOf, t } from "../../core/i18n.js";
import { roomAfter } from "../../draw/hand-places.js";
import { widthIn } from "./fonts.js";
import { hasHands } from "./with-hands.js";

/** Between two titles, and to the rim, in px. */
const AIR = 10;
const RIM = 4;

/**
 * What stands over a layer.
 * @typedef {{layer: number, text: string, x: number, y: number, half: number}} Title x: its middle, in px of the drawing; half: half its width
 */

/** What a layer is called, at length and shorter: "hidden 3 · ReLU", "3 · ReLU", "3". @param {import("./scene.js").Scene} scene @param {number} layer @returns {string[]} */
export function namesOf({ state, depth }, layer) {
  if (layer === 0) return [t("network.input")];
  const { hidden = [], output } = state.session?.model ?? {};
  const activation = nameOf("activation", (layer < depth ? hidden[layer - 1] : output)?.activation ?? "");
  const key = layer === depth ? "network.output" : depth > 2 ? "network.hidden_layer" : "network.hidden";
  return [t(key, { layer: number(layer), activation }), ...(depth > 2 && layer < depth ? [`${number(layer)} · ${activation}`, number(layer)] : [activation])];
}

/**
 * What stands over the columns, as much of it as there is room for. The controls of the layers come before the word
 * "hidden" where a number says it too.
 * @param {import("./scene.js").Scene} scene
 * @returns {Title[]}
 */
export function titlesOf(scene) {
  const { geometry, depth, state } = scene;
  const places = Array.from({ length: depth + 1 }, (_, layer) => geometry.titleAt(layer));
  const names = places.map((_, layer) => namesOf(scene, layer));
  const textAt = (/** @type {number} */ layer, /** @type {number} */ brevity) => names[layer][Math.min(brevity, names[layer].length - 1)];
  const halfOf = (/** @type {number} */ layer, /** @type {number} */ brevity) => widthIn(scene, "title", textAt(layer, brevity)) / 2;
  // Names at different heights are in nobody's way.
  const fits = (/** @type {number} */ brevity, /** @type {(layer: number) => number} */ between) =>
    places.every(({ x, y }, layer) => layer === 0 || y !== places[layer - 1].y || halfOf(layer - 1, brevity) + halfOf(layer, brevity) + between(layer - 1) <= x - places[layer - 1].x);
  const withHands = hasHands(state) && !geometry.isInRows ? (depth > 2 ? [0, 1] : [0]).find((brevity) => fits(brevity, (layer) => roomAfter(layer, depth))) : undefined;
  const brevity = withHands ?? [0, 1].find((brevity) => fits(brevity, () => AIR)) ?? 2;
  return places.map(({ x, y }, layer) => {
    const half = halfOf(layer, brevity);
    return { layer, text: textAt(layer, brevity), x: Math.min(Math.max(x, half + RIM), geometry.width - half - RIM), y, half };
  });
}

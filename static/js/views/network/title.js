import { svg } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { nameOf, t } from "../../core/i18n.js";
import { areProbabilities } from "../../trace/outcome.js";
import { widthIn } from "./fonts.js";
import { pressed } from "./press.js";

/** Between two titles, and to the rim, in px. */
const AIR = 10;
const RIM = 4;

/** What a layer is called, at length and shorter: "hidden 3 · ReLU", "3 · ReLU", "3". @param {import("./scene.js").Scene} scene @param {number} layer @returns {string[]} */
export function namesOf({ state, depth }, layer) {
  if (layer === 0) return [t("network.input")];
  const { hidden = [], output } = state.session?.model ?? {};
  const activation = nameOf("activation", (layer < depth ? hidden[layer - 1] : output)?.activation ?? "");
  const key = layer === depth ? "network.output" : depth > 2 ? "network.hidden_layer" : "network.hidden";
  return [t(key, { layer: number(layer), activation }), ...(depth > 2 && layer < depth ? [`${number(layer)} · ${activation}`, number(layer)] : [activation])];
}

/** The letter over a column. In the phases of the batch a z without a tab stands for its bias. @param {import("./scene.js").Scene} scene @param {number} layer @param {string} role */
function letterOf({ geometry, program, operation, scope, depth }, layer, role) {
  if (role === "a") return layer < depth || !areProbabilities(program) ? "a" : "p";
  if (role !== "z" || scope !== "batch" || geometry.hasTabs || !program.named("b", layer)) return role;
  return operation.segment === "update" ? "b" : "db";
}

/**
 * What stands over the columns, as much of it as there is room for.
 * @param {import("./scene.js").Scene} scene
 * @param {import("../../playground.js").Playground} playground
 */
export function titlesTemplate(scene, playground) {
  const { geometry, program, depth } = scene;
  const places = Array.from({ length: depth + 1 }, (_, layer) => geometry.titleAt(layer));
  const names = places.map((_, layer) => namesOf(scene, layer));
  const textAt = (/** @type {number} */ layer, /** @type {number} */ brevity) => names[layer][Math.min(brevity, names[layer].length - 1)];
  const halfOf = (/** @type {number} */ layer, /** @type {number} */ brevity) => widthIn(scene, "title", textAt(layer, brevity)) / 2;
  // Names at different heights are in nobody's way.
  const fits = (/** @type {number} */ brevity) => places.every(({ x, y }, layer) => layer === 0 || y !== places[layer - 1].y || halfOf(layer - 1, brevity) + halfOf(layer, brevity) + AIR <= x - places[layer - 1].x);
  const brevity = [0, 1].find(fits) ?? 2;
  return places.map(({ x, y }, layer) => {
    const half = halfOf(layer, brevity);
    return svg`${titleTemplate(scene, layer, textAt(layer, brevity), { x: Math.min(Math.max(x, half + RIM), geometry.width - half - RIM), y }, playground)}
      ${geometry.lettersAt(layer).map(({ x, y, role }) => svg`<text class="subtitle ${scene.isInPlay(program.named(role, layer)?.name ?? "") ? "active" : ""}" x=${x} y=${y}>${letterOf(scene, layer, role)}</text>`)}`;
  });
}

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
function titleTemplate(scene, layer, name, { x, y }, playground) {
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

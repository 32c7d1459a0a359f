import { svg } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { areProbabilities } from "../../trace/program/outcome.js";
import { pressed } from "./press.js";
import { mayBeReshaped } from "./with-hands.js";

/** The letter over a column: of the gradient where units show that alone. In the phases of the batch a z without a tab, and the number of a row, stand for the bias. @param {import("./scene.js").Scene} scene @param {number} layer @param {string} role @returns {string} */
function letterOf(scene, layer, role) {
  const { geometry, program, operation, scope, depth } = scene;
  if (isOfGradient(scene, layer, role)) return `d${role}`;
  if (role === "digits of z" || role === "digits of a") return letterOfDigits(scene, layer, role === "digits of z" ? ["dz"] : ["da", layer === depth ? "dz" : ""]);
  if (role === "newest" && scope !== "batch") return letterOfNewest(scene, layer);
  if (role === "a" && scope === "batch" && geometry.isInRows) return "";
  if (role === "a") return layer < depth || !areProbabilities(program) ? "a" : "p";
  const isOfBias = role === "newest" || (role === "z" && scope === "batch" && !scene.hasTabs);
  if (!isOfBias) return role;
  if (!program.named("b", layer)) return role === "z" ? role : "";
  return operation.segment === "update" ? "b" : "db";
}

/** Whether the units of a column have no room for two numbers, and their gradients have come. @param {import("./scene.js").Scene} scene @param {number} layer @param {string} role */
function isOfGradient(scene, layer, role) {
  const { geometry, program, operation, depth } = scene;
  if (geometry.hasTabs || geometry.isInRows || operation.segment !== "backward" || scene.isLive || (role === "a" && layer === depth)) return false;
  const gradient = program.named(`d${role}`, layer)?.name;
  return gradient !== undefined && scene.isKnownIn("sample", gradient, 0);
}

/** What digits beside a bar are, once they are not its own. @param {import("./scene.js").Scene} scene @param {number} layer @param {string[]} roles of their gradients */
function letterOfDigits(scene, layer, roles) {
  if (scene.isLive || scene.scope === "batch") return "";
  return roles.find((role) => scene.isKnownIn("sample", scene.program.named(role, layer)?.name ?? "", 0)) ?? "";
}

/** What the digits are that a whole row shares: its newest number. @param {import("./scene.js").Scene} scene @param {number} layer @returns {string} */
function letterOfNewest(scene, layer) {
  if (scene.isLive) return letterOf(scene, layer, "a");
  const newest = ["dz", "da", "a", "z"].find((role) => scene.isKnownIn("sample", scene.program.named(role, layer)?.name ?? "", 0)) ?? "";
  return newest === "a" ? letterOf(scene, layer, newest) : newest;
}

/**
 * What stands over the columns: the names of the layers, and where units have none the letters.
 * @param {import("./scene.js").Scene} scene
 * @param {import("./titles.js").Title[]} titles
 * @param {import("../../playground.js").Playground} playground
 */
export function titlesTemplate(scene, titles, playground) {
  const { geometry, program } = scene;
  return titles.map((title) => {
    const { layer } = title;
    const letters = geometry.lettersAt(layer).map((place) => ({ ...place, letter: letterOf(scene, layer, place.role) }));
    // The digits right behind the bars that they belong to need no letter of their own.
    const [before, last] = letters.filter(({ letter }) => letter !== "").slice(-2);
    if (last?.role === "newest" && last.letter === before?.letter) last.letter = "";
    return svg`${titleTemplate(scene, title, playground)}
      ${letters.map(({ x, y, role, letter, digits }) => svg`<text class="subtitle ${scene.isInPlay(program.named(role, layer)?.name ?? "") ? "active" : ""}" x=${scene.scope === "batch" ? (digits ?? x) : x} y=${y}>${letter}</text>`)}`;
  });
}

/**
 * The name over a layer; that of a hidden layer opens what can be changed about it.
 * @param {import("./scene.js").Scene} scene
 * @param {import("./titles.js").Title} title
 * @param {import("../../playground.js").Playground} playground
 */
function titleTemplate({ state, depth }, { layer, text, x, y, half }, playground) {
  if (layer === 0 || layer === depth || !mayBeReshaped(state)) return svg`<text class="title" x=${x} y=${y}>${text}</text>`;
  const open = (/** @type {Event} */ event) => {
    const { left, bottom } = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    playground.inspector.openLayer({ layer, x: left, y: bottom });
  };
  // As wide as what is read.
  return svg`<g class="way" tabindex="0" role="button" aria-haspopup="dialog" aria-label=${`${text}: ${t("network.change_layer")}`}
    @click=${open} @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, () => open(event))}><title>${t("network.change_layer")}</title>
    <rect class="reach" x=${x - half} y=${y - 19} width=${2 * half} height="28"/><text class="title" x=${x} y=${y}>${text}</text></g>`;
}

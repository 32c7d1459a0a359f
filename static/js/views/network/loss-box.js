import { svg } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { firstText, t } from "../../core/i18n.js";
import { probabilityOf } from "../../trace/explain/words.js";
import { areProbabilities } from "../../trace/program/outcome.js";
import { tightened, widthIn } from "./fonts.js";
import { endOfLabel } from "./outputs.js";
import { pressed } from "./press.js";
import { outputName } from "./units.js";

/**
 * The box of the loss: its formula by the name of the loss, and its value.
 *
 * @typedef {import("./scene.js").Scene} Scene
 */

/** Beside a line that is longer than its box, in px. */
const AIR = 6;
/** Between the box and what stands beside it. */
const BESIDE = 8;
/** From the box down to what stands below it. */
const BELOW = 13;

/**
 * The formula in short; of a single output it knows the target.
 * @param {Scene} scene
 */
function lossWords(scene) {
  if (scene.scope === "batch") return t(scene.state.session?.model?.reduction === "sum" ? "network.sum_loss" : "network.mean_loss");
  const outputs = scene.program.units(scene.depth);
  const unit = scene.readByTheLoss[0] ?? 0;
  const target = scene.role("y", null, [unit]);
  const key = `network.loss.${scene.state.session?.model?.loss}`;
  const single = outputs > 1 ? [] : [`${key}.single_${target}`, `${key}.single`];
  const label = scene.classOf(unit);
  const name = label === null ? "" : String(scene.classNames[label]);
  const p = probabilityOf(name, outputName(scene, unit));
  return firstText([...single, key, "network.loss"], { p, a: areProbabilities(scene.program) ? "p" : "a" });
}

/**
 * @param {Scene} scene
 * @param {(cell: import("../../state.js").Cell) => void} onSelect
 */
export function lossTemplate(scene, onSelect) {
  const { geometry } = scene;
  const { x, y } = geometry.lossCentre;
  const { width, height, lines } = geometry.loss;
  const isBatch = scene.scope === "batch";
  const name = scene.program.tensors.find((tensor) => tensor.role === "sample_loss")?.name;
  const value = isBatch ? scene.batch.header.loss : scene.value(name, []);
  const words = lossWords(scene);
  const before = name && value !== null ? scene.ghost(name, []) : null;
  const ways = isBatch ? [] : scene.readByTheLoss.map((unit) => {
    const [start, ...way] = geometry.lossWay(unit);
    const end = endOfLabel(scene, unit);
    return [{ ...start, x: end > 0 ? end + AIR : start.x }, ...way];
  });
  // In a box that also says when, the lines stand closer.
  const shift = value !== null && geometry.whenIs === "inside" ? lines.shift : 0;
  const asked = isBatch ? scene.program.named("loss")?.name : name;
  const ask = () => asked && onSelect({ tensor: asked, index: [] });
  return svg`<g class="loss ${value === null ? "unknown" : ""}" tabindex="0" role="button" aria-label=${`${t("network.loss")}: ${value === null ? t("network.not_computed") : number(value)}`}
      @click=${ask} @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, ask)}>
    ${ways.map((way) => svg`<polyline class="lane" points=${way.map((point) => `${point.x},${point.y}`).join(" ")}></polyline>`)}
    <rect x=${x - width / 2} y=${y - height / 2} width=${width} height=${height} rx="10"></rect>
    <text class="loss-name" x=${x} y=${y + lines.name - shift} textLength=${tightened(scene, "lossName", words, width - 2 * AIR)} lengthAdjust="spacingAndGlyphs">${words}</text>
    ${value === null ? "" : svg`<text class="loss-value" x=${x} y=${y + lines.value - shift} textLength=${tightened(scene, "loss", number(value), width - 2 * AIR)} lengthAdjust="spacingAndGlyphs">${number(value)}</text>`}
    ${value === null || scene.isLive ? "" : whenTemplate(scene)}
    ${before === null ? "" : ghostTemplate(scene, number(before))}
  </g>`;
}

/** What it was: below the box, or beside one that stands at the lower edge. @param {Scene} scene @param {string} text */
function ghostTemplate({ geometry }, text) {
  const { lossCentre: { x, y }, loss: { width, height } } = geometry;
  return y + height / 2 + BELOW + 2 <= geometry.height
    ? svg`<text class="ghost" x=${x} y=${y + height / 2 + BELOW}>${text}</text>`
    : svg`<text class="ghost end" x=${x - width / 2 - BESIDE} y=${y + 5}>${text}</text>`;
}

/**
 * Whether it is the loss with the weights before this update, or after it: in the box, or of rows before it.
 * @param {Scene} scene
 */
function whenTemplate(scene) {
  const { whenIs, leftOfLoss, lossCentre: { x, y }, loss: { width, height } } = scene.geometry;
  const key = scene.state.outcome ? "loss.after" : "loss.before";
  if (whenIs === "beside") {
    // On a phone rows stand there.
    return widthIn(scene, "label", t(key)) + BESIDE <= leftOfLoss
      ? svg`<text class="loss-when label end" x=${x - width / 2 - BESIDE} y=${y + 5}>${t(key)}</text>`
      : svg`<text class="loss-when label end" x=${x + width / 2} y=${y + height / 2 + 14}>${t(key)}</text>`;
  }
  const said = t(`${key}.short`);
  return svg`<text class="loss-when is-inside" x=${x} y=${y + 22} textLength=${tightened(scene, "when", said, width - 2 * AIR)} lengthAdjust="spacingAndGlyphs">${said}</text>`;
}

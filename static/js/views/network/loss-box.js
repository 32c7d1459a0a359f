import { nothing, svg } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { firstText, t } from "../../core/i18n.js";
import { areProbabilities } from "../../trace/outcome.js";
import { outputName } from "./units.js";

/**
 * The box of the loss: its formula by the name of the loss, and its value.
 *
 * @typedef {import("./scene.js").Scene} Scene
 */

/** Width in px of a digit of the value. */
const DIGIT = 10.8;

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
  return firstText([...single, key, "network.loss"], { p: outputName(scene, unit), a: areProbabilities(scene.program) ? "p" : "a" });
}

/** @param {Scene} scene @param {number} [line] from the middle of the box to the first line */
export function lossTemplate(scene, line = -8) {
  const { geometry } = scene;
  const { x, y } = geometry.lossCentre;
  const { width, height } = geometry.loss;
  const isBatch = scene.scope === "batch";
  const name = scene.program.tensors.find((tensor) => tensor.role === "sample_loss")?.name;
  const value = isBatch ? scene.batch.header.loss : scene.value(name, []);
  const isLong = value !== null && number(value).length * DIGIT > width - 12;
  const before = name && value !== null ? scene.ghost(name, []) : null;
  const ways = isBatch ? [] : scene.readByTheLoss.map((unit) => geometry.lossWay(unit));
  return svg`<g class="loss ${value === null ? "unknown" : ""}">
    ${ways.map((way) => svg`<polyline class="lane" points=${way.map((point) => `${point.x},${point.y}`).join(" ")}></polyline>`)}
    <rect x=${x - width / 2} y=${y - height / 2} width=${width} height=${height} rx="10"></rect>
    <text class="loss-name" x=${x} y=${y + line}>${lossWords(scene)}</text>
    ${value === null ? "" : svg`<text class="loss-value" x=${x} y=${y + 15} textLength=${isLong ? width - 12 : nothing} lengthAdjust=${isLong ? "spacingAndGlyphs" : nothing}>${number(value)}</text>`}
    ${before === null ? "" : svg`<text class="ghost" x=${x} y=${y + height / 2 + 13}>${number(before)}</text>`}
  </g>`;
}

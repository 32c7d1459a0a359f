import { svg } from "../../vendor/lit.js";
import { edgesOf } from "./edges.js";
import { hasTabOn } from "./said.js";
import { tabBox, tabOf } from "./units.js";

/** So far above its line, in px, or below it: a number may lie on the line itself. */
const ABOVE = 13;
const BELOW = 20;
/** Half of its size, with air. */
const HALF = { width: 14, height: 10 };

/** Whether the tab of a bias reaches over a name there. @param {import("./scene.js").Scene} scene @param {number} layer @param {import("../../draw/geometry.js").Point} at */
function isUnderTab(scene, layer, at) {
  const name = scene.program.named("b", layer)?.name;
  if (!name || !scene.hasTabs || !scene.hasBiases || !hasTabOn(scene, layer, 0)) return false;
  const { x, y, width, height } = tabBox(scene, layer, 0, tabOf(scene, name, 0).text);
  return Math.abs(at.x - x) < width / 2 + HALF.width && Math.abs(at.y - y) < height / 2 + HALF.height;
}

/**
 * Between two single units lies one weight a layer, and the labs call it by that: w1, w2 and so on.
 * @param {import("./scene.js").Scene} scene
 * @param {(cell: import("../../state.js").Cell) => void} onSelect
 */
export function weightNamesTemplate(scene, onSelect) {
  const { geometry, program, state } = scene;
  if (!state.lab || state.lab.isFolded || geometry.detail === "tiny") return [];
  const single = edgesOf(scene).filter(({ layer }) => program.units(layer - 1) * program.units(layer) === 1);
  return single.map(({ layer, name, i, j }) => {
    const { x, y } = geometry.edgeLane(layer, i, j)(0.5);
    const top = isUnderTab(scene, layer, { x, y: y - ABOVE }) ? y + BELOW : y - ABOVE;
    return svg`<text class="unit-name label weight-name" x=${x} y=${top} @click=${() => onSelect({ tensor: name, index: [i, j] })}>w<tspan dy="4" font-size="11">${layer}</tspan></text>`;
  });
}

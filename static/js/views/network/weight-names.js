import { svg } from "../../vendor/lit.js";
import { edgesOf } from "./edges.js";

/** So far above its line, in px: a number may lie on the line itself. */
const ABOVE = 13;

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
    return svg`<text class="unit-name label weight-name" x=${x} y=${y - ABOVE} @click=${() => onSelect({ tensor: name, index: [i, j] })}>w<tspan dy="4" font-size="11">${layer}</tspan></text>`;
  });
}

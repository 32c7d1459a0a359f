import { svg } from "../../../vendor/lit.js";
import { number } from "../../../core/format.js";
import { widthOf } from "../../../draw/edges.js";

/**
 * The edges of what is selected, and no others.
 *
 * @typedef {import("../scene.js").Scene} Scene
 * @typedef {import("./selection.js").Selected} Selected
 * @typedef {{layer: number, i: number, j: number, name: string}} Edge
 */

/** @param {number} count @param {(k: number) => Edge} edge */
const all = (count, edge) => Array.from({ length: count }, (_, k) => edge(k));

/**
 * Those of one weight, of an input, or out of a unit and into it. Into the first layer the thumbnail shows them.
 * @param {Scene} scene @param {Selected | null} selected
 * @returns {Edge[]}
 */
export function edgesOfSelection(scene, selected) {
  if (!selected) return [];
  const { layer, unit, from } = selected;
  const { program, depth } = scene;
  const name = (/** @type {number} */ of) => /** @type {import("../../../trace/program/program.js").Tensor} */ (program.named("W", of)).name;
  if (from !== null) return [{ layer, i: from, j: unit, name: name(layer) }];
  const into = layer > 1 ? all(program.units(layer - 1), (i) => ({ layer, i, j: unit, name: name(layer) })) : [];
  const out = layer < depth ? all(program.units(layer + 1), (j) => ({ layer: layer + 1, i: unit, j, name: name(layer + 1) })) : [];
  return [...into, ...out];
}

/** @param {Scene} scene @param {Selected | null} selected @param {(cell: import("../../../state.js").Cell) => void} onSelect */
export function selectedEdgesTemplate(scene, selected, onSelect) {
  return edgesOfSelection(scene, selected).map(({ layer, i, j, name }) => {
    const weight = scene.parameter(name, [i, j]);
    const path = scene.geometry.edgePath(layer, i, j);
    return svg`<path class="edge ${weight < 0 ? "negative" : "positive"}" d=${path} stroke-width=${(widthOf(weight) * 0.7).toFixed(2)} data-cell=${`${name}:${i},${j}`}></path>
      <path class="edge-hit thin" d=${path} @click=${() => onSelect({ tensor: name, index: [i, j] })}><title>${name}[${i}, ${j}] = ${number(weight)}</title></path>`;
  });
}

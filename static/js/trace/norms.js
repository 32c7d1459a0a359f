/**
 * Sizes of what flows through each layer, from the values of a step.
 *
 * @typedef {{layer: number, a: number | null, dz: number | null, dW: number | null}} LayerSize layer 0 is the input
 */

/**
 * Root of the sum of squares. Dividing by the largest first keeps tiny squares from vanishing and huge ones finite.
 * @param {ArrayLike<number>} cells
 */
export function l2Norm(cells) {
  let largest = 0;
  for (let cell = 0; cell < cells.length; cell++) {
    const size = Math.abs(cells[cell]);
    if (Number.isNaN(size)) return NaN;
    if (size > largest) largest = size;
  }
  if (largest === 0 || largest === Infinity) return largest;
  let squares = 0;
  for (let cell = 0; cell < cells.length; cell++) squares += (cells[cell] / largest) ** 2;
  return largest * Math.sqrt(squares);
}

/**
 * L2 norms by layer: of the activations, of the gradient that reaches the layer, and of its weights' gradient.
 * @param {import("./trace.js").Trace} trace in batch scope
 * @returns {LayerSize[]}
 */
export function layerSizes(trace) {
  /** @param {string} role @param {number | null} layer */
  const norm = (role, layer) => {
    const tensor = trace.named(role, layer);
    return tensor ? l2Norm(trace.cells(tensor.name)) : null;
  };
  const layers = Array.from({ length: trace.program.depth }, (_, below) => below + 1);
  return [
    { layer: 0, a: norm("x", null), dz: null, dW: null },
    ...layers.map((layer) => ({ layer, a: norm("a", layer), dz: norm("dz", layer), dW: norm("dW", layer) })),
  ];
}

/**
 * How z is spread over a layer, and which part of it lies where the gate is shut.
 *
 * @typedef {{from: number, to: number, count: number, off: number}} Bin off: of them with slope 0
 * @typedef {object} Histogram
 * @property {number} layer
 * @property {Bin[]} bins of equal width, with a border at 0; a value on a border belongs to the bin above it
 * @property {number} zeros values that are exactly 0, in no bin
 * @property {number} zerosOff of them with slope 0
 * @property {number} lost values that are no finite numbers
 * @property {number} total
 * @property {number} off how many have slope 0
 */

const MOST_BINS = 24;

/**
 * One histogram for every hidden layer: all units, all samples of the batch.
 * @param {import("../program/trace.js").Trace} trace in batch scope
 * @returns {Histogram[]}
 */
export function histogramsOf(trace) {
  /** @type {Histogram[]} */
  const histograms = [];
  for (let layer = 1; layer < trace.program.depth; layer++) {
    const [z, mask] = [trace.named("z", layer), trace.named("mask", layer)];
    if (z && mask) histograms.push(histogram(layer, trace.cells(z.name), trace.cells(mask.name)));
  }
  return histograms;
}

/** @param {number} layer @param {ArrayLike<number>} z @param {ArrayLike<number>} mask @returns {Histogram} */
function histogram(layer, z, mask) {
  const finite = Array.from(z).filter((value) => Number.isFinite(value));
  const [low, high] = [Math.min(0, ...finite), Math.max(0, ...finite)];
  const width = (high - low) / (MOST_BINS - 1) || 1;
  const below = Math.ceil(-low / width);
  const above = Math.floor(high / width) + 1;
  const bins = Array.from({ length: below + above }, (_, at) => ({ from: (at - below) * width, to: (at - below + 1) * width, count: 0, off: 0 }));
  let [zeros, zerosOff, lost, off] = [0, 0, 0, 0];
  for (let cell = 0; cell < z.length; cell++) {
    const isOff = Number(mask[cell] === 0);
    off += isOff;
    if (z[cell] === 0) {
      zeros += 1;
      zerosOff += isOff;
    } else if (Number.isFinite(z[cell])) {
      const at = Math.min(bins.length - 1, Math.max(0, Math.floor(z[cell] / width) + below));
      bins[at].count += 1;
      bins[at].off += isOff;
    } else lost += 1;
  }
  return { layer, bins, zeros, zerosOff, lost, total: z.length, off };
}

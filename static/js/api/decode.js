/**
 * Decodes the binary frame of a step. The layout is documented in server/steps/frames.py:
 * "BPF1", uint32 header length, JSON header, one little-endian vector of all values.
 * @param {ArrayBuffer} buffer
 * @returns {{header: FrameHeader, vector: Float64Array | Float32Array}}
 *
 * @typedef {{program: string, step: number, m: number, dtype: "float64" | "float32",
 *   scope: {kind: "batch" | "sample", sample: number | null, m: number},
 *   place?: number | null, loss: number, data_loss: number, regularization: number, accuracy: number | null,
 *   notes?: {code: string, tensor: string, text: string}[], norms?: Norms[], gates?: Gates}} FrameHeader
 *   norms, of the input and then of each layer, and gates: of a batch in a view
 * @typedef {Record<"W" | "a" | "dz" | "dW", number | null>} Norms how large what flows through a layer is; null: there is none
 * @typedef {{step: number, rows: number, layers: {layer: number, share_on: number[], is_dead: boolean[], is_shut: boolean[]}[]}} Gates
 *   of the hidden units, on all rows to train on; is_shut: for every row of the batch
 */
export function decodeFrame(buffer) {
  const bytes = new DataView(buffer);
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
  if (magic !== "BPF1") throw new Error(`This is no frame of a step: it starts with ${JSON.stringify(magic)}.`);
  const length = bytes.getUint32(4, true);
  const header = numbersOf(JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length))));
  const Vector = header.dtype === "float32" ? Float32Array : Float64Array;
  return { header, vector: new Vector(buffer, 8 + length) };
}

/** A number as it was: JSON has none that are not finite, so the server spells them. @param {unknown} value */
export const unspelled = (value) => (value === "NaN" || value === "Infinity" || value === "-Infinity" ? Number(value) : value);

/**
 * The numbers of a summary.
 * @template {object} S
 * @param {S} summary
 * @returns {S}
 */
export const numbersOf = (summary) => /** @type {S} */ (Object.fromEntries(Object.entries(summary).map(([name, value]) => [name, unspelled(value)])));

/** Other words for the same tensor, as they stand in notebooks and textbooks. @type {Record<string, string>} */
const WORDS = {
  x: "x", a0: "x", input: "x", inputs: "x", dx: "dx",
  y: "y", t: "y", target: "y", targets: "y", label: "y", labels: "y",
  p: "p", yhat: "p", y_hat: "p", ŷ: "p", probs: "p", probabilities: "p", softmax: "p",
  l: "loss", loss: "loss", cost: "loss", j: "loss",
};

/** A gradient's mark, a letter, and a layer that may stand in brackets or behind a dash. */
const TENSOR = /^(d|grad_?|∂)?(mask|[wbza])[_^]?[[({]?(\d*)[\])}]?(_grad|\.grad)?$/i;
const DELTA = /^(?:delta|δ)[_^]?[[({]?(\d*)[\])}]?$/i;

/**
 * How the playground calls what somebody calls so: "w_1" is W1, "delta2" is dz2, "cost" is loss. Without a number the
 * layer is the first. Names that mean nothing here stay as they are.
 * @param {string} written
 * @returns {string}
 */
export function canonical(written) {
  const word = WORDS[written.toLowerCase()];
  if (word) return word;
  const delta = DELTA.exec(written);
  if (delta) return `dz${delta[1] || 1}`;
  const found = TENSOR.exec(written);
  if (!found) return written;
  const [, before, letter, layer, after] = found;
  const base = letter.toLowerCase() === "w" ? "W" : letter.toLowerCase();
  return `${before || after ? "d" : ""}${base}${layer || 1}`;
}

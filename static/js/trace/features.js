/**
 * The two features along which the classes differ most, compared with their spread inside a class.
 * @param {number[][]} x rows
 * @param {number[]} y labels
 * @returns {[number, number]} in the order of the columns
 */
export function tellingFeatures(x, y) {
  const scores = x[0].map((_, feature) => ({ feature, score: score(x.map((row) => row[feature]), y) }));
  const [first, second] = scores.sort((a, b) => b.score - a.score).map(({ feature }) => feature).slice(0, 2).sort((a, b) => a - b);
  return [first, second ?? first];
}

/** Variance between the classes over variance inside them. @param {number[]} values @param {number[]} y */
function score(values, y) {
  /** @type {Map<number, number[]>} */
  const byClass = new Map();
  values.forEach((value, row) => {
    const own = byClass.get(y[row]);
    if (own) own.push(value);
    else byClass.set(y[row], [value]);
  });
  const mean = average(values);
  let between = 0;
  let inside = 0;
  for (const own of byClass.values()) {
    const center = average(own);
    between += own.length * (center - mean) ** 2;
    inside += own.reduce((total, value) => total + (value - center) ** 2, 0);
  }
  return inside > 0 ? between / inside : 0;
}

/** @param {number[]} values */
const average = (values) => values.reduce((total, value) => total + value, 0) / values.length;

/**
 * Where the controls stand with which the network is changed on its drawing: in the line of the titles, beside the names.
 *
 * @typedef {"fewer" | "more" | "insert"} Kind
 * @typedef {{kind: Kind, layer: number, x: number}} Place layer: whose units they are, or behind which a layer comes; x: the middle, in px of the drawing
 */

/** Of a control, in px of the drawing. */
export const HAND_SIZE = 22;
/** Between a control and its neighbours. */
const AIR = 4;

/** What so many controls need between two names. @param {number} count */
const roomFor = (count) => count * HAND_SIZE + (count + 1) * AIR;

/** How many of the controls of hidden layers stand between the names of two layers. @param {number} layer the first of the two @param {number} last the output */
const steppersAfter = (layer, last) => (layer > 0 ? 1 : 0) + (layer + 1 < last ? 1 : 0);

/** What the controls of hidden layers need between the names of two layers. @param {number} layer the first of the two @param {number} last the output */
export const roomAfter = (layer, last) => roomFor(steppersAfter(layer, last));

/**
 * Beside each hidden layer's name its two controls, and between any two layers one more, as far as all of them fit: of
 * one kind all or none, so that no layer looks as if it could not be changed.
 * @param {readonly {x: number, half: number}[]} titles from the input to the output
 * @returns {Place[]} from left to right
 */
export function handPlaces(titles) {
  const last = titles.length - 1;
  const gaps = titles.slice(1).map((title, layer) => ({ layer, left: titles[layer].x + titles[layer].half, right: title.x - title.half }));
  const size = HAND_SIZE;
  const steppers = (/** @type {number} */ layer) => steppersAfter(layer, last);
  const hold = (/** @type {(layer: number) => number} */ countIn) => gaps.every(({ layer, left, right }) => right - left >= roomFor(countIn(layer)));
  const [hasAll, hasSteppers, hasInserts] = [hold((layer) => steppers(layer) + 1), hold(steppers), hold(() => 1)];
  const isStepped = hasAll || hasSteppers;
  return gaps.flatMap(({ layer, left, right }) => {
    /** @type {Place[]} */
    const places = [];
    const end = { left: left + AIR, right: right - AIR };
    if (isStepped && layer > 0) {
      places.push({ kind: "more", layer, x: end.left + size / 2 });
      end.left += size + AIR;
    }
    if (isStepped && layer + 1 < last) end.right -= size + AIR;
    if (hasAll || (!isStepped && hasInserts)) places.push({ kind: "insert", layer, x: (end.left + end.right) / 2 });
    if (isStepped && layer + 1 < last) places.push({ kind: "fewer", layer: layer + 1, x: end.right + AIR + size / 2 });
    return places;
  });
}

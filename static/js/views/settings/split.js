/** The share of each class that the engine holds out unless told otherwise. */
export const usualHeldOut = 0.2;

/**
 * How many rows train and how many are held out: of each class its share, and at least one row to train on.
 * @param {number[]} rowsOfClass
 * @param {number} fraction
 */
export function splitOf(rowsOfClass, fraction) {
  const rows = rowsOfClass.reduce((sum, size) => sum + size, 0);
  const heldOut = rowsOfClass.reduce((sum, size) => sum + Math.max(0, Math.min(Math.floor(fraction * size + 0.5), size - 1)), 0);
  return { train: rows - heldOut, heldOut };
}

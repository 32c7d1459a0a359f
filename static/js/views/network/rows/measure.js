import { currentTheme } from "../../../core/theme.js";
import { RowsGeometry } from "../../../draw/rows-geometry.js";
import { isOnAWall } from "../scene.js";

/** How much larger rows are at most: in front of a class, and on a projector. */
const MOST_GROWN = { presenting: 2.2, projector: 1.6 };

/** Rows, enlarged for a projector as long as none of their numbers gets lost, and no unit out of sight. @type {import("../scene.js").Measure} */
export function measureRows(state, program, width, height) {
  const rowsAt = (/** @type {number} */ scale) => new RowsGeometry(program, width / scale, height / scale, state.session?.dataset);
  const isPresenting = isOnAWall(state, width, height);
  // In front of a class the newest number is enough: it is read from the last row.
  const numbersOf = (/** @type {RowsGeometry} */ { blocks }) => blocks.map(({ hasNumbers, hasTwoLines }) => [hasNumbers, hasTwoLines && !isPresenting]).join();
  const plain = rowsAt(1);
  for (let scale = isPresenting ? MOST_GROWN.presenting : currentTheme() === "projector" ? MOST_GROWN.projector : 1; scale > 1; scale -= 0.05) {
    const geometry = rowsAt(scale);
    const isAsHigh = geometry.height * scale <= Math.max(height + 1, plain.height);
    if (isAsHigh && geometry.isStacked === plain.isStacked && numbersOf(geometry) === numbersOf(plain)) return { geometry, scale };
  }
  return { geometry: plain, scale: 1 };
}

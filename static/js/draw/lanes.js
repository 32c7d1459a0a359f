/**
 * @typedef {{x: number, y: number}} Point
 * @typedef {(t: number) => Point} Lane from 0 to 1
 */

/**
 * A straight way.
 * @param {Point} from @param {Point} to
 * @returns {Lane}
 */
export const straight = (from, to) => (t) => ({ x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t });

/**
 * A way with corners, at one pace.
 * @param {Point[]} corners
 * @returns {Lane}
 */
export function polyline(corners) {
  const legs = corners.slice(1).map((to, k) => ({ lane: straight(corners[k], to), length: Math.hypot(to.x - corners[k].x, to.y - corners[k].y) }));
  const whole = legs.reduce((sum, { length }) => sum + length, 0) || 1;
  return (t) => {
    let left = t * whole;
    for (const { lane, length } of legs) {
      if (left <= length) return lane(length ? left / length : 0);
      left -= length;
    }
    return corners[corners.length - 1];
  };
}

/**
 * The same way, the other way round.
 * @param {Lane} lane
 * @returns {Lane}
 */
export const reversed = (lane) => (t) => lane(1 - t);

/** Places in a JSON document (RFC 6901), as a lab names them: "/parameters/b1/1". */

/**
 * The places in which two documents differ, each as deep as it can be told.
 * @param {any} one
 * @param {any} other
 * @param {string} [at] the place of both
 * @returns {string[]}
 */
export function differences(one, other, at = "") {
  if (Object.is(one, other)) return [];
  const areLists = Array.isArray(one) && Array.isArray(other) && one.length === other.length;
  const areObjects = isObject(one) && isObject(other);
  if (!areLists && !areObjects) return [at];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((name) => differences(one[name], other[name], `${at}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`));
}

/** Whether a place is one of these, lies in one, or holds one. @param {string} pointer @param {string[]} places */
export const isAmong = (pointer, places) => places.some((place) => `${pointer}/`.startsWith(`${place}/`) || `${place}/`.startsWith(`${pointer}/`));

const isObject = (/** @type {any} */ value) => typeof value === "object" && value !== null && !Array.isArray(value);

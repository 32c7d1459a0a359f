/** Which item of a menu a key leads to, by where one is and how many there are. @type {Record<string, (at: number, count: number) => number>} */
const WAYS = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** @param {string} key @param {number} at @param {number} count @returns {number | undefined} undefined: the key means nothing in a menu */
export const itemByKey = (key, at, count) => WAYS[key]?.(at, count);

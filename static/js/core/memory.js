/** What the browser remembers from visit to visit; inside a foreign page it may remember nothing. */

/** @param {string} name @returns {string | null} */
export function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value */
export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A page that may keep nothing works all the same.
  }
}

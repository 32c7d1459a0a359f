/** What the browser remembers from visit to visit, or a tab until it is closed; inside a foreign page it may remember nothing. */

/** @typedef {"localStorage" | "sessionStorage"} Memory */

/** @param {string} name @param {Memory} [memory] @returns {string | null} */
export function remembered(name, memory = "localStorage") {
  try {
    return window[memory].getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value @param {Memory} [memory] */
export function remember(name, value, memory = "localStorage") {
  try {
    window[memory].setItem(name, value);
  } catch {
    // A page that may keep nothing works all the same.
  }
}

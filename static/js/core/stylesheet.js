import { addressOf } from "./files.js";

/** @type {Map<string, Promise<unknown>>} */
const sheets = new Map();

/**
 * Styles of what is seen only on request. They stand before those of the panel, so that what is said of the whole page
 * (its modes, access, phones) still has the last word.
 * @param {string} href
 * @returns {Promise<unknown>} when they are in force
 */
export function stylesheet(href) {
  const known = sheets.get(href);
  if (known) return known;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = addressOf(href);
  // Without its styles a dialog is still of use.
  const loaded = new Promise((done) => (link.onload = link.onerror = done));
  sheets.set(href, loaded);
  /** @type {Element} */ (document.querySelector("#last-word")).before(link);
  return loaded;
}

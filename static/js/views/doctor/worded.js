import { number } from "../../core/format.js";
import { has, t } from "../../core/i18n.js";

/**
 * A sentence of the server in the reader's language, by its code; its own English where that has none, or lacks a word of it.
 * @param {string} key @param {Record<string, any>} params @param {string} otherwise
 */
export function worded(key, params, otherwise) {
  if (!has(key)) return otherwise;
  const shown = (/** @type {any} */ value) => (typeof value === "number" ? number(value) : Array.isArray(value) ? value.join(", ") : String(value));
  const text = t(key, Object.fromEntries(Object.entries(params ?? {}).map(([name, value]) => [name, shown(value)])));
  return /\{\w+\}/.test(text) ? otherwise : text;
}

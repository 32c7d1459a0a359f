import { signal } from "../vendor/signals.js";

/** @typedef {"light" | "dark" | "projector"} Theme */

/** The one in force; who paints with its colours hears of another one. */
const theme = signal(/** @type {Theme} */ ("light"));

export const currentTheme = () => theme.value;

/** @param {Theme} name */
export function useTheme(name) {
  document.documentElement.dataset.theme = name;
  theme.value = name;
}

/** A colour of css/tokens.css, for canvases. @param {string} role as "ink" */
export function colour(role) {
  void currentTheme();
  return getComputedStyle(document.documentElement).getPropertyValue(`--${role}`).trim();
}

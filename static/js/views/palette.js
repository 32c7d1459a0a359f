import { colour } from "../core/theme.js";

/** How classes look, and canvases that are sharp. */

/** Classes are told apart by colour, shape and letter; after the tenth they repeat. */
export const N_CLASS_COLOURS = 10;

/** @param {number} label @returns {string} */
export const classColour = (label) => colour(`class-${label % N_CLASS_COLOURS}`);

/** @param {string} hex "#rrggbb" @returns {[number, number, number]} */
export function channels(hex) {
  const value = Number.parseInt(hex.slice(1, 7), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/**
 * One letter a class: the first letters of the names if they differ, else A, B, C.
 * @param {string[]} names
 */
export function classLetters(names) {
  const first = names.map((name) => name.slice(0, 1).toUpperCase());
  return new Set(first).size === names.length ? first : names.map((_, label) => String.fromCharCode(65 + (label % 26)));
}

/**
 * A canvas made ready to draw in CSS pixels, sharp on every screen.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @param {number} [scale] how much larger it is shown
 */
export function sharp(canvas, width, height, scale = 1) {
  const ratio = (window.devicePixelRatio || 1) * scale;
  const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
    canvas.width = pixelWidth;
    canvas.height = pixelHeight;
    canvas.style.width = `${width * scale}px`;
    canvas.style.height = `${height * scale}px`;
  }
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, width, height);
  return ctx;
}

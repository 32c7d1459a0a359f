/**
 * Widths of texts in px as the browser writes them, measured once each.
 *
 * @type {Map<string, Map<string, number>>} by font
 */
const known = new Map();
const MOST_KNOWN = 4000;

/** @type {CanvasRenderingContext2D | null} */
let pen = null;

/** @param {string} text @param {string} font as CSS writes it: "600 12px sans-serif" */
export function textWidth(text, font) {
  let widths = known.get(font);
  if (!widths || widths.size >= MOST_KNOWN) known.set(font, (widths = new Map()));
  let width = widths.get(text);
  if (width === undefined) {
    pen ??= /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
    if (pen.font !== font) pen.font = font;
    widths.set(text, (width = pen.measureText(text).width));
  }
  return width;
}

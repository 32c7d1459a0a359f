/** The drawing as a picture that needs no style sheet. What moves above it is left out. */

const SVG = "http://www.w3.org/2000/svg";
/** Room above for what the picture is of. */
const HEADING = 40;
/** Pixels of a PNG for each of the drawing's. */
const SHARPNESS = 2;

/** What makes an element look as it does; each is an attribute of SVG too. */
const LOOKS = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "paint-order",
  "font-family", "font-size", "font-style", "font-weight", "letter-spacing", "text-anchor", "dominant-baseline", "visibility", "display",
];

/** @typedef {{svg: SVGSVGElement, width: number, height: number}} Picture */

/** @param {Element} network the element with the drawing @returns {Picture} */
export function pictureOf(network) {
  const drawing = /** @type {SVGSVGElement} */ (network.querySelector("svg.drawing, svg.rows"));
  const { width, height } = drawing.getBoundingClientRect();
  const svg = document.createElementNS(SVG, "svg");
  set(svg, { xmlns: SVG, width, height: height + HEADING, viewBox: `0 0 ${width} ${height + HEADING}` });
  svg.append(backdrop(width, height + HEADING), heading(network));
  for (const canvas of network.querySelectorAll("canvas:not(.above)")) {
    const image = imageOf(/** @type {HTMLCanvasElement} */ (canvas), drawing);
    if (image) svg.append(image);
  }
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  resolve(drawing, copy);
  for (const part of copy.querySelectorAll(".edge-hit, .row-hit, .pixel, foreignObject")) part.remove();
  for (const part of [copy, ...copy.querySelectorAll("*")]) clean(part);
  set(copy, { x: 0, y: HEADING, width, height });
  svg.append(copy);
  return { svg, width, height: height + HEADING };
}

/** @param {Picture} picture @returns {Blob} */
export const svgBlob = ({ svg }) => new Blob([`<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`], { type: "image/svg+xml" });

/** @param {Picture} picture @returns {Promise<Blob>} */
export async function pngBlob(picture) {
  const image = new Image();
  image.src = URL.createObjectURL(svgBlob(picture));
  await image.decode();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: Math.round(picture.width * SHARPNESS), height: Math.round(picture.height * SHARPNESS) });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be drawn."))), "image/png"));
}

/** @param {Element} element @param {Record<string, string | number>} attributes */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

/** @param {number} width @param {number} height */
function backdrop(width, height) {
  const rect = document.createElementNS(SVG, "rect");
  set(rect, { width, height, fill: colourOf("--surface") });
  return rect;
}

/** @param {string} name */
const colourOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The scope and its sentence, as they stand above the drawing. @param {Element} network */
function heading(network) {
  const text = document.createElementNS(SVG, "text");
  const parts = [".scope h2", ".scope p"].map((selector) => network.querySelector(selector)?.textContent?.trim() ?? "");
  set(text, { x: 16, y: 27, "font-family": getComputedStyle(network).fontFamily, "font-size": 15, fill: colourOf("--ink") });
  text.textContent = parts.filter(Boolean).join(" · ").replace(/\s+/g, " ");
  return text;
}

/**
 * What was drawn as pixels: the edges of a dense network, the small pictures of a wide one.
 * @param {HTMLCanvasElement} canvas @param {SVGSVGElement} drawing
 */
function imageOf(canvas, drawing) {
  const [own, frame] = [canvas.getBoundingClientRect(), drawing.getBoundingClientRect()];
  if (canvas.width === 0 || own.width === 0) return null;
  const image = document.createElementNS(SVG, "image");
  set(image, { href: canvas.toDataURL("image/png"), x: own.x - frame.x, y: own.y - frame.y + HEADING, width: own.width, height: own.height });
  return image;
}

/** Write how each element looks into its copy. @param {Element} from @param {Element} to */
function resolve(from, to) {
  const style = getComputedStyle(from);
  for (const name of LOOKS) {
    const value = style.getPropertyValue(name);
    if (value !== "" && value !== "normal" && value !== "auto") to.setAttribute(name, value.replace(/url\("?[^"#)]*(#[^")]+)"?\)/, "url($1)"));
  }
  [...from.children].forEach((child, at) => resolve(child, to.children[at]));
}

/** A picture has nothing to press. @param {Element} element */
function clean(element) {
  for (const name of element.getAttributeNames()) {
    if (["class", "role", "tabindex", "style"].includes(name) || name.startsWith("aria-") || name.startsWith("data-")) element.removeAttribute(name);
  }
}

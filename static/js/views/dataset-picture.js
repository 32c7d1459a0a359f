import { svg } from "../vendor/lit.js";

/**
 * Samples in the square from 0 to 1, or an image of each class, as the server answers them.
 * @typedef {{x: number[], y: number[], labels: number[], images: number[][][]}} Picture
 */

/** Of the picture, in px, and what of it stays free around the marks. */
const SIZE = 64;
const INSET = 6;
/** Images beside each other, and what is free between them. */
const ACROSS = 3;
const GAP = 2;
/** From which part of the brightest a pixel is drawn, faint and full. */
const SHADES = [0.3, 0.7];

const place = (/** @type {number} */ part) => INSET + part * (SIZE - 2 * INSET);

/** The marks of one class as one path; each is a line without length, round or square by its cap. @param {Picture} picture @param {number | null} label null: all */
export const marksOf = ({ x, y, labels }, label) =>
  x.flatMap((across, at) => (label === null || labels[at] === label ? [`M${place(across).toFixed(1)} ${place(1 - y[at]).toFixed(1)}h0`] : [])).join("");

/** The pixels of the first images from a shade on, as one path. @param {number[][][]} images @param {number} shade */
export function pixelsOf(images, shade) {
  const width = (SIZE - 2 * GAP - (ACROSS - 1) * GAP) / ACROSS;
  return images
    .slice(0, ACROSS * ACROSS)
    .flatMap((image, at) => {
      const [left, top] = [at % ACROSS, Math.floor(at / ACROSS)].map((step) => GAP + step * (width + GAP));
      const side = width / image.length;
      return image.flatMap((row, down) => row.flatMap((value, across) => (value >= shade ? [`M${(left + across * side).toFixed(1)} ${(top + down * side).toFixed(1)}h${side.toFixed(1)}v${side.toFixed(1)}h-${side.toFixed(1)}z`] : [])));
    })
    .join("");
}

/** The picture of rows that stand in a recipe: of the first two features; null where their answers are no classes. @param {{x: number[][], y: any[]}} batch @returns {Picture | null} */
export function pictureOfRows({ x, y }) {
  const labels = y.map((one) => (Array.isArray(one) && one.length > 1 ? one.indexOf(Math.max(...one)) : one));
  if (x[0].length < 2 || !labels.every(Number.isInteger)) return null;
  const inside = (/** @type {number[]} */ values) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return values.map((value) => (high > low ? (value - low) / (high - low) : 0.5));
  };
  return { x: inside(x.map((row) => row[0])), y: inside(x.map((row) => row[1])), labels, images: [] };
}

/** @param {Picture} picture */
export function datasetPicture(picture) {
  const labels = [...new Set(picture.labels)].sort((a, b) => a - b);
  const isFew = picture.x.length < 10;
  const marks = labels.length > 0 ? labels.map((label) => svg`<path class="marks class-${label % 10}" d=${marksOf(picture, label)}/>`) : svg`<path class="marks" d=${marksOf(picture, null)}/>`;
  return svg`<svg class="dataset-picture ${isFew ? "is-few" : ""}" viewBox=${`0 0 ${SIZE} ${SIZE}`} width=${SIZE} height=${SIZE} aria-hidden="true">
    ${picture.images.length > 0 ? SHADES.map((shade) => svg`<path class="pixels-of" d=${pixelsOf(picture.images, shade)}/>`) : marks}</svg>`;
}

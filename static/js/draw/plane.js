/**
 * A value at every point of a plane: one colour above zero, another below, none at zero, stronger where it is larger.
 *
 * @typedef {{values: number[][], reach: number, above: [number, number, number], below: [number, number, number]}} Plane
 *   values by row of y, column of x; reach: the value of full strength
 */

const STRONGEST = 0.85;

/** How strongly a value is coloured, from 0 to 1. @param {number} value @param {number} reach */
const strength = (value, reach) => (reach > 0 && Number.isFinite(value) ? STRONGEST * Math.min(1, Math.abs(value) / reach) : 0);

/**
 * The colour of one value on a plane that lies upon a ground.
 * @param {number} value
 * @param {Pick<Plane, "reach" | "above" | "below">} plane
 * @param {[number, number, number]} ground
 */
export function colourOf(value, { reach, above, below }, ground) {
  const part = strength(value, reach);
  const mixed = (value > 0 ? above : below).map((channel, at) => Math.round(part * channel + (1 - part) * ground[at]));
  return `rgb(${mixed.join(" ")})`;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Plane} plane
 * @param {number} size
 */
export function drawPlane(ctx, { values, reach, above, below }, size) {
  fillPixels(ctx, size, values[0].length, values.length, (data, at, left, u, bottom, v) => {
    const [low, high] = [values[bottom], values[bottom + 1]];
    const value = (1 - v) * ((1 - u) * low[left] + u * low[left + 1]) + v * ((1 - u) * high[left] + u * high[left + 1]);
    const [red, green, blue] = value > 0 ? above : below;
    data[at] = red;
    data[at + 1] = green;
    data[at + 2] = blue;
    data[at + 3] = 255 * strength(value, reach);
  });
}

/**
 * Every pixel of a square, between four points of a grid: (left, bottom) is the lower one of them, (u, v) how far the
 * pixel lies from it. Laid over what is there: putImageData would replace it, transparency included.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} size
 * @param {number} columns
 * @param {number} rows
 * @param {(data: Uint8ClampedArray, at: number, left: number, u: number, bottom: number, v: number) => void} paint
 */
export function fillPixels(ctx, size, columns, rows, paint) {
  const image = new ImageData(size, size);
  for (let pixelY = 0; pixelY < size; pixelY++) {
    const row = (1 - (pixelY + 0.5) / size) * (rows - 1);
    const bottom = Math.max(0, Math.min(rows - 2, Math.floor(row)));
    for (let pixelX = 0; pixelX < size; pixelX++) {
      const column = ((pixelX + 0.5) / size) * (columns - 1);
      const left = Math.max(0, Math.min(columns - 2, Math.floor(column)));
      paint(image.data, 4 * (pixelY * size + pixelX), left, column - left, bottom, row - bottom);
    }
  }
  const layer = new OffscreenCanvas(size, size);
  layer.getContext("2d")?.putImageData(image, 0, 0);
  ctx.drawImage(layer, 0, 0, size, size);
}

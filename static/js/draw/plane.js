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
  fillPixels(ctx, size, values.map((row) => row.map((value) => [value])), (data, at, [value]) => {
    const [red, green, blue] = value > 0 ? above : below;
    data[at] = red;
    data[at + 1] = green;
    data[at + 2] = blue;
    data[at + 3] = 255 * strength(value, reach);
  });
}

/** Pixels of a square for each one that is worked out: the browser fills in the others, and smooths the borders. */
const COARSE = 2;

/**
 * The pixels of a square, from the numbers of a grid between whose points they change evenly. Laid over what is there:
 * putImageData would replace it, transparency included.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} side
 * @param {number[][][]} grid numbers by row from below, column
 * @param {(data: Uint8ClampedArray, at: number, numbers: Float64Array) => void} paint
 */
export function fillPixels(ctx, side, grid, paint) {
  const size = Math.round(side / COARSE);
  const [rows, columns, count] = [grid.length, grid[0].length, grid[0][0].length];
  const image = new ImageData(size, size);
  const line = new Float64Array(columns * count);
  const numbers = new Float64Array(count);
  for (let pixelY = 0; pixelY < size; pixelY++) {
    const row = (1 - (pixelY + 0.5) / size) * (rows - 1);
    const bottom = Math.max(0, Math.min(rows - 2, Math.floor(row)));
    const v = row - bottom;
    for (let column = 0; column < columns; column++)
      for (let k = 0; k < count; k++) line[column * count + k] = (1 - v) * grid[bottom][column][k] + v * grid[bottom + 1][column][k];
    for (let pixelX = 0; pixelX < size; pixelX++) {
      const column = ((pixelX + 0.5) / size) * (columns - 1);
      const left = Math.max(0, Math.min(columns - 2, Math.floor(column)));
      const u = column - left;
      for (let k = 0; k < count; k++) numbers[k] = (1 - u) * line[left * count + k] + u * line[(left + 1) * count + k];
      paint(image.data, 4 * (pixelY * size + pixelX), numbers);
    }
  }
  const layer = new OffscreenCanvas(size, size);
  layer.getContext("2d")?.putImageData(image, 0, 0);
  ctx.drawImage(layer, 0, 0, side, side);
}

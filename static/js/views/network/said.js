import { exactly, number, signed } from "../../core/format.js";

/**
 * What a unit says of itself, a circle as well as a bar.
 *
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {{text: string, isGradient: boolean}} Line
 */

/** What a number looks like. @param {number | null} value */
export const kindOfNumber = (value) => (value === null ? "unknown" : !Number.isFinite(value) ? "broken" : value === 0 ? "zero" : value < 0 ? "negative" : "positive");

/** Every digit of a number and of its gradient. @param {string} name @param {string} gradientName @param {number | null} value @param {number | null | undefined} gradient */
export const titleOf = (name, gradientName, value, gradient) =>
  [value === null ? name : `${name} = ${exactly(value)}`, gradient === null || gradient === undefined ? "" : `${gradientName} = ${exactly(gradient)}`].filter(Boolean).join("\n");

/** A number and its gradient; where there is no room for two, the one that came last. @param {number | null} value @param {number | null | undefined} gradient @param {boolean} hasRoomForTwo @returns {Line[]} */
export function linesOf(value, gradient, hasRoomForTwo) {
  const lines = [
    ...(value === null ? [] : [{ text: number(value), isGradient: false }]),
    ...(gradient === null || gradient === undefined ? [] : [{ text: signed(gradient), isGradient: true }]),
  ];
  return hasRoomForTwo ? lines : lines.slice(-1);
}

/**
 * In the phases of the batch a z without a tab stands for its bias: its mean gradient, then the number that it was and is.
 * Null where it does not.
 * @param {Scene} scene @param {number} layer @param {number} unit
 * @returns {{text: string, kind: string, value: number | null, gradient: number | null} | null} text: "" while that is not computed
 */
export function biasOf(scene, layer, unit) {
  const name = scene.scope === "batch" && !scene.hasTabs ? scene.program.named("b", layer)?.name : undefined;
  if (!name) return null;
  if (scene.operation.segment !== "update") {
    const gradient = scene.batchValue(`d${name}`, [unit]);
    return { text: gradient === null ? "" : signed(gradient), kind: gradient === null ? "" : "backward", value: null, gradient };
  }
  const [isNext, value] = [scene.batchValue(`${name}_next`, [unit]) !== null, scene.parameter(name, [unit])];
  return { text: number(value), kind: isNext ? "update" : "old", value, gradient: null };
}

/**
 * Whether a unit has a tab on it. In the backward pass a small number without a letter would look like a gradient, so those
 * of biases that nobody asks for go. In a lab somebody may be asked to press one.
 * @param {Scene} scene @param {number} layer @param {number} unit
 */
export function hasTabOn(scene, layer, unit) {
  const { state: { focus, lab }, isLive, operation, geometry, program } = scene;
  const name = program.named("b", layer)?.name;
  if (name === undefined) return false;
  const isAsked = lab !== null || program.tensor(operation.output).of === name || (focus !== null && program.root(focus.tensor) === name);
  return operation.segment !== "backward" || isLive || geometry.detail === "full" || isAsked || isUnitAsked(scene, layer, unit);
}

/** Whether somebody asks about a z: then its bias is told, with its letter. @param {Scene} scene @param {number} layer @param {number} unit */
export function isUnitAsked({ state: { focus }, program, operation }, layer, unit) {
  return operation.segment === "backward" && focus !== null && program.root(focus.tensor) === program.named("z", layer)?.name && focus.index.at(-1) === unit;
}

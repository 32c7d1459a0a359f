import { signal } from "../vendor/signals.js";
import { remembered } from "./memory.js";

/**
 * How gradients and arrays are written. "code": dW, as in NumPy, rows are samples. "textbook": partial derivatives,
 * columns are samples, matrices transposed. The numbers are the same.
 *
 * @typedef {"code" | "textbook"} Notation
 */

/** @type {Notation[]} */
export const NOTATIONS = ["code", "textbook"];

/** The one in force; who writes in it hears of another one. */
const notation = signal(NOTATIONS.find((name) => name === remembered("notation")) ?? NOTATIONS[0]);

export const currentNotation = () => notation.value;

export const isTextbook = () => notation.value === "textbook";

/** A text that is written like code, in the notation in force: "dW", "dL/dw" and "dL" as partial derivatives. @param {string} text */
export function written(text) {
  if (!isTextbook()) return text;
  return text.replace(/dL\/d(?=[\p{L}{])/gu, "\u2202L/\u2202").replace(/\bdL\b/g, "\u2202L").replace(/\bd([zaWbx])\b/g, "\u2202L/\u2202$1");
}

/** @param {Notation} name */
export function useNotation(name) {
  notation.value = name;
}

/** The classes of the data in force, by label; none where the targets are numbers. */
const classes = signal(/** @type {string[]} */ ([]));

/** @param {string[]} names */
export function useClassNames(names) {
  if (names.join("\n") !== classes.value.join("\n")) classes.value = names;
}

/**
 * Classes that are numbers count from where they like, and outputs from 1: theirs is p(“8”), not p₉.
 * @param {number} unit of the outputs
 * @param {number} outputs
 * @returns {string} the class in quotes; "" where the number of the unit says it
 */
export function quotedClass(unit, outputs) {
  const name = classes.value[outputs > 1 ? unit : 1] ?? "";
  return (outputs > 1 || classes.value.length === 2) && isNumber(name) ? `“${name}”` : "";
}

/** Whether a class is called by a number. @param {string} name */
export const isNumber = (name) => /^\d+$/.test(name);

import { isTextbook, quotedClass } from "../../core/notation.js";
import { fraction, gap, mi, mn, mo, over, parenthesised, row, sub, subsup, sup } from "./markup.js";
import { SAMPLE_AXIS } from "../program/program.js";

/**
 * How a tensor's cell is written: z with the layer above and the unit below, both counted from 1. The program says it of each
 * tensor as a tree of marks (engine/symbols.py has the table of them); here the tree becomes MathML in the notation in force.
 *
 * @typedef {import("../program/program.js").Program} Program
 * @typedef {import("../program/program.js").Tensor} Tensor
 * @typedef {import("./markup.js").Markup} Markup
 * @typedef {number | {letter: string, size: number}} Place a number counted from 0, or a letter that runs
 * @typedef {any} Written letters, or a mark and what it goes with
 */

/**
 * @param {Program} program
 * @param {string} name of a tensor
 * @param {Place[]} index one place an axis; a number on the sample axis is left out
 * @returns {Markup}
 */
export function symbol(program, name, index) {
  const tensor = program.tensor(name);
  return print(tensor.symbol, program, tensor, index);
}

/** @param {Written} written @param {Program} program @param {Tensor} tensor @param {Place[]} index @returns {Markup} */
function print(written, program, tensor, index) {
  if (typeof written === "string") return /^\d/.test(written) ? mn(written) : mi(written);
  const [mark, ...parts] = written;
  const part = (/** @type {Written} */ inner) => print(inner, program, tensor, index);
  switch (mark) {
    case "at":
      return indexed(part(parts[0]), parts[1], placesOf(program, tensor, index, parts[2]));
    case "of":
      return symbol(program, parts[0], index);
    case "derivative":
      return parts[0] !== null && !isTextbook() ? part(parts[0]) : derivative(part(parts[1]), part(parts[2]));
    case "over":
      return over(part(parts[0]), mo(parts[1]));
    case "under":
      return sub(part(parts[0]), part(parts[1]));
    case "power":
      return sup(part(parts[0]), part(parts[1]));
    case "less":
      return parenthesised(row(mn("1"), mo("\u2212", { form: "infix" }), part(parts[0])));
    case "log":
      return row(mi("ln"), gap(), part(parts[0]));
    case "change":
      return row(mo("\u0394", { form: "prefix", lspace: "0", rspace: "0" }), part(parts[0]));
    case "squared":
      return sup(parenthesised(part(parts[0])), mn("2"));
    case "total":
      return row(mo("\u2211", { largeop: "false", stretchy: "false" }), part(parts[0]));
    default:
      throw new Error(`No symbol is written with the mark ${mark}.`);
  }
}

/**
 * The places that are written: of a single sample not its number, of an output its class where that is a number, and in textbooks the last place first.
 * @param {Program} program @param {Tensor} tensor @param {Place[]} index @param {number[]} [axes]
 * @returns {(Place | string)[]}
 */
function placesOf(program, { axes: all }, index, axes = undefined) {
  const isWritten = (/** @type {number} */ axis) => axis < index.length && (typeof index[axis] !== "number" || all[axis] !== SAMPLE_AXIS);
  const placeAt = (/** @type {number} */ axis) => (all[axis] === String(program.depth) ? outputPlace(program, index[axis]) : index[axis]);
  if (axes) return axes.filter(isWritten).map(placeAt);
  const places = [...index.keys()].filter(isWritten).map(placeAt);
  return isTextbook() ? places.toReversed() : places;
}

/** An output as it is written below a letter. @param {Program} program @param {Place} place @returns {Place | string} */
export const outputPlace = (program, place) => (typeof place === "number" && quotedClass(place, program.units(program.depth))) || place;

/**
 * The gradient of each sample's own loss, where the samples run by the letter n.
 * @param {Program} program
 * @param {string} name of the gradient
 * @param {Place[]} index
 */
export function gradientOfSample(program, name, index) {
  const tensor = program.tensor(name);
  const [, gradient, loss, of] = tensor.symbol;
  const part = (/** @type {Written} */ written, /** @type {Place[]} */ places) => print(written, program, tensor, places);
  if (isTextbook()) return derivative(sub(part(loss, []), mi("n")), part(of, index));
  return part(gradient, [{ letter: "n", size: 0 }, ...index]);
}

/** The name of a whole array: as in code, or "\u2202L/\u2202W\u207d\u00b9\u207e". @param {Program} program @param {string} name @returns {string} */
export function arrayName(program, name) {
  if (!isTextbook()) return name;
  const { role, layer, of } = program.tensor(name);
  if (of && name === `d${of}`) return `\u2202L/\u2202${arrayName(program, of)}`;
  const above = [...String(layer ?? "")].map((digit) => "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"[Number(digit)]).join("");
  if (layer === null || name !== role + layer) return name;
  return role === "mask" ? `\u2202a/\u2202z\u207d${above}\u207e` : `${role}\u207d${above}\u207e`;
}

/** Letters of the places, and names of classes; numbers are shown from 1. @param {(Place | string)[]} places @returns {Markup} */
function lower(places) {
  const parts = places.map(placeMark);
  return row(...parts.flatMap((part, position) => (position ? [mo(",", { separator: "true", lspace: "0", rspace: "0" }), part] : [part])));
}

/** @param {Place | string} place */
export const placeMark = (place) => (typeof place === "string" ? mn(place) : typeof place === "number" ? mn(String(place + 1)) : mi(place.letter));

/** @param {Markup} base @param {number | null} layer @param {(Place | string)[]} places */
function indexed(base, layer, places) {
  const above = layer === null ? null : row(mo("(", { stretchy: "false" }), mn(String(layer)), mo(")", { stretchy: "false" }));
  if (places.length === 0) return above ? sup(base, above) : base;
  // As in the drawing and in the formula of the loss: p(“8”).
  if (places.length === 1 && typeof places[0] === "string") return row(above ? sup(base, above) : base, parenthesised(mn(places[0])));
  return above ? subsup(base, lower(places), above) : sub(base, lower(places));
}

/** @param {Markup} top @param {Markup} bottom */
const derivative = (top, bottom) => fraction(row(mi("\u2202"), top), row(mi("\u2202"), bottom));

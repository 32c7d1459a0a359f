import { isTextbook } from "../core/notation.js";
import { fraction, gap, mi, mn, mo, over, parenthesised, row, sub, subsup, sup } from "./markup.js";
import { SAMPLE_AXIS } from "./program.js";
import { isNext } from "./timeline.js";

/**
 * How a tensor's cell is written: z with the layer above and the unit below, both counted from 1.
 *
 * @typedef {import("./program.js").Program} Program
 * @typedef {import("./markup.js").Markup} Markup
 * @typedef {number | {letter: string, size: number}} Place a number counted from 0, or a letter that runs
 */

/** Letters of roles whose name is not their letter. @type {Record<string, () => Markup>} */
const LETTERS = {
  W: () => mi("w"),
  z_shifted: () => over(mi("z"), mo("\u02dc")),
  e_sum: () => mi("S"),
  log_e_sum: () => row(mi("ln"), gap(), mi("S")),
  log_p: () => row(mi("ln"), gap(), mi("p")),
  loss: () => mi("L"),
  data_loss: () => mi("\u2113"),
  regularization: () => mi("R"),
  l2: () => mi("\u03bb"),
  learning_rate: () => mi("\u03b7"),
  alpha: () => mi("\u03b1"),
  beta1: () => beta(1),
  beta2: () => beta(2),
  eps: () => mi("\u03b5"),
  momentum: () => mi("\u03bc"),
  one_minus_alpha: () => complement(mi("\u03b1")),
  one_minus_beta1: () => complement(beta(1)),
  one_minus_beta2: () => complement(beta(2)),
  one_minus_beta1_to_t: () => complement(sup(beta(1), mi("t"))),
  one_minus_beta2_to_t: () => complement(sup(beta(2), mi("t"))),
  seed: () => mn("1"),
  velocity: () => mi("u"),
  average: () => mi("m"),
  square_average: () => mi("v"),
  average_corrected: () => over(mi("m"), mo("^")),
  square_average_corrected: () => over(mi("v"), mo("^")),
  direction: () => mi("d"),
  root: () => mi("s"),
  denominator: () => mi("q"),
};

/** @param {number} index */
const beta = (index) => sub(mi("\u03b2"), mn(String(index)));

/** What a number lacks to 1. @param {Markup} part */
const complement = (part) => parenthesised(row(mn("1"), mo("\u2212", { form: "infix" }), part));

/** Those with a fixed lower mark. @type {Record<string, [string, string]>} */
const MARKED = { z_max: ["z", "max"], derivative_at_zero: ["d", "0"], log_p_true: ["ln\u2009p", "\u2217"] };

const SUM = () => mo("\u2211", { largeop: "false", stretchy: "false" });

/** What the parts of a gradient differentiate: the loss of the data, or the penalty. @type {Record<string, string>} */
const PARTS = { data: "\u2113", l2: "R" };

/**
 * @param {Program} program
 * @param {string} name of a tensor
 * @param {Place[]} index one place an axis; a number on the sample axis is left out
 * @returns {Markup}
 */
export function symbol(program, name, index) {
  const tensor = program.tensor(name);
  const { role, layer, of } = tensor;
  const inOrder = index.filter((place, axis) => typeof place !== "number" || tensor.axes[axis] !== SAMPLE_AXIS);
  const places = isTextbook() && role !== "jacobian" ? inOrder.toReversed() : inOrder;
  if (role === "mask" && !isTextbook()) return indexed(mi("mask"), layer, places);
  if (role === "mask") return derivative(differential(program, "a", layer, index), differential(program, "z", layer, index));
  if (role === "jacobian") return derivative(indexed(mi("p"), null, places.slice(0, -1)), indexed(mi("z"), layer, places.slice(-1)));
  if (of && isNext(tensor)) return symbol(program, of, index);
  if (of && role === "step") return row(mo("\u0394", { form: "prefix", lspace: "0", rspace: "0" }), symbol(program, of, index));
  // What belongs to a parameter in an update: the letter of its kind, or its name.
  if (of && name.startsWith(`${of}_`)) {
    const kind = name.slice(of.length + 1);
    return LETTERS[kind] ? indexed(LETTERS[kind](), program.tensor(of).layer, places) : indexed(mi(kind.replaceAll("_", " ")), null, places);
  }
  if (of && name.startsWith(`d${of}`)) {
    const letter = PARTS[name.slice(of.length + 2)] ?? "L";
    return isTextbook() ? derivative(mi(letter), symbol(program, of, index)) : differentialOf(program, of, places, letter);
  }
  if ((role === "dp" || role === "dp_sample") && !isTextbook()) return indexed(mi("dp"), null, places);
  if (role === "dp" || role === "dp_sample") return derivative(mi("L"), indexed(mi("p"), null, places));
  if (role === "sample_loss") return indexed(mi(program.named("data_loss") ? "\u2113" : "L"), null, places);
  if (role === "W_squared" || role === "gradient_squared") return squared(program, name, index);
  if (role === "square_sum") return row(SUM(), sup(mi("w"), mn("2")));
  if (role === "W_square_sum") return row(SUM(), symbol(program, program.maker.get(name)?.inputs[0] ?? name, []));
  if (MARKED[role]) return sub(mi(MARKED[role][0]), mi(MARKED[role][1]));
  const isOfLayer = layer !== null && name === role + layer;
  return indexed(LETTERS[role]?.() ?? mi(isOfLayer ? role : name), isOfLayer ? layer : null, places);
}

/** "dw" with its indices; of a part of the loss with the letter of that part above. @param {Program} program @param {string} of @param {Place[]} places @param {string} letter */
function differentialOf(program, of, places, letter) {
  const { role, layer } = program.tensor(of);
  const base = mi(`d${role === "W" ? "w" : role}`);
  return indexed(letter === "L" ? base : sup(base, mi(letter)), letter === "L" ? layer : null, places);
}

/**
 * The gradient of each sample's own loss, where the samples run by the letter n.
 * @param {Program} program
 * @param {string} of the parameter
 * @param {Place[]} index
 */
export function gradientOfSample(program, of, index) {
  if (isTextbook()) return fraction(row(mi("\u2202"), sub(mi("L"), mi("n"))), row(mi("\u2202"), symbol(program, of, index)));
  return differentialOf(program, of, [{ letter: "n", size: 0 }, ...index], "L");
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

/** Letters of the places; numbers are shown from 1. @param {Place[]} places @returns {Markup} */
function lower(places) {
  const parts = places.map((place) => (typeof place === "number" ? mn(String(place + 1)) : mi(place.letter)));
  return row(...parts.flatMap((part, position) => (position ? [mo(",", { separator: "true", lspace: "0", rspace: "0" }), part] : [part])));
}

/** @param {Markup} base @param {number | null} layer @param {Place[]} places */
function indexed(base, layer, places) {
  const above = layer === null ? null : row(mo("(", { stretchy: "false" }), mn(String(layer)), mo(")", { stretchy: "false" }));
  if (places.length === 0) return above ? sup(base, above) : base;
  return above ? subsup(base, lower(places), above) : sub(base, lower(places));
}

/** @param {Markup} top @param {Markup} bottom */
const derivative = (top, bottom) => fraction(row(mi("\u2202"), top), row(mi("\u2202"), bottom));

/** @param {Program} program @param {string} role @param {number | null} layer @param {Place[]} index */
function differential(program, role, layer, index) {
  const tensor = program.named(role, layer);
  return tensor ? symbol(program, tensor.name, index) : indexed(mi(role), layer, index);
}

/** The tensor that was squared, with a small 2. @param {Program} program @param {string} name @param {Place[]} index */
function squared(program, name, index) {
  const maker = program.maker.get(name);
  return sup(maker ? parenthesised(symbol(program, maker.inputs[0], index)) : mi(name), mn("2"));
}

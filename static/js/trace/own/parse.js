import { canonical } from "./name.js";
import { cellsOf, shapeOf, Unusable } from "./tensor.js";

/**
 * Reads numbers as people have them at hand: Python lists, NumPy print-outs with or without commas, JSON, rows with
 * semicolons, fractions, numbers without any brackets. One name, then its value; names may stand in any order.
 *
 * @typedef {import("./tensor.js").Own} Own
 * @typedef {import("./tensor.js").Nested} Nested
 * @typedef {{kind: "name" | "number" | "sign", text: string, line: number}} Token
 */

/** Two names of gradients over each other are one: dL/dW1 is dW1. */
const QUOTIENT = /[d∂][LJC]\s*\/\s*[d∂]\s*(?=\p{L})/gu;
const PATTERN = /(?<space>\s+|#.*|\/\/.*|["'`])|(?<number>[+\-−]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:\/\d+(?:\.\d+)?)?)|(?<dots>\.\.\.|…)|(?<name>[\p{L}_][\p{L}\p{N}_.^]*(?:\[\d+\])?)|(?<sign>.)/gu;
/** What stands between two names, where commas within numbers and blanks between them make the commas decimal ones. */
const VALUE = /[^\p{L}]+/gu;
const HAS_DECIMAL_COMMAS = /^(?!.*(?:\.|,\s|\d,\d+,))(?=.*\d,\d).*\d[ \t]+[+\-−]?\d/s;
const SPELLED = new Map([["nan", NaN], ["inf", Infinity]]);
const [OPENING, CLOSING] = ["[({", "])}"];
/** A fraction has all the digits that there are. */
const MANY = 15;

/** @param {string} text @returns {Token[]} */
function tokensOf(text) {
  const plain = text.replace(QUOTIENT, "d").replace(VALUE, (value) => (HAS_DECIMAL_COMMAS.test(value) ? value.replace(/(\d),(\d)/g, "$1.$2") : value));
  /** @type {Token[]} */
  const tokens = [];
  let line = 1;
  let end = -1;
  for (const match of plain.matchAll(PATTERN)) {
    const groups = /** @type {Record<string, string | undefined>} */ (match.groups);
    if (groups.dots) throw new Unusable("own.problem.dots", { line });
    for (const kind of /** @type {const} */ (["name", "number", "sign"])) if (groups[kind] !== undefined) tokens.push({ kind, text: groups[kind], line });
    // "3-2" and "1.5.2" are not two numbers.
    if (groups.number !== undefined && match.index === end) throw new Unusable("own.problem.value", { line, found: `${tokens.at(-2)?.text}${groups.number}` });
    if (groups.number !== undefined) end = match.index + match[0].length;
    line += match[0].split("\n").length - 1;
  }
  return tokens;
}

/**
 * @param {string} text
 * @returns {Own[]} in the order of the text
 */
export function parse(text) {
  const tokens = tokensOf(text);
  let at = 0;
  const is = (/** @type {string} */ signs, ahead = 0) => tokens[at + ahead]?.kind === "sign" && signs.includes(tokens[at + ahead].text);
  const isNumber = (/** @type {Token | undefined} */ token) => token?.kind === "number" || (token?.kind === "name" && SPELLED.has(token.text.toLowerCase()));
  const line = () => (tokens[at] ?? tokens.at(-1))?.line ?? 1;
  const unexpected = (/** @type {string} */ key) => new Unusable(tokens[at] ? key : "own.problem.end", { line: line(), found: tokens[at]?.text ?? "" });

  /** @returns {Nested} */
  function value() {
    const token = tokens[at];
    if (token?.kind === "number") {
      at++;
      return digitsOf(token.text);
    }
    if (isNumber(token)) {
      at++;
      return { value: /** @type {number} */ (SPELLED.get(token.text.toLowerCase())), decimals: MANY };
    }
    if (token?.kind === "name" && is("(", 1)) return wrapped();
    if (is("[(")) return list();
    throw unexpected("own.problem.value");
  }

  /** np.array([...], dtype=float32): what stands first in the brackets. @returns {Nested} */
  function wrapped() {
    at += 2;
    const inner = value();
    for (let depth = 1; depth > 0; at++) {
      if (!tokens[at]) throw unexpected("own.problem.end");
      if (is(OPENING)) depth++;
      if (is(CLOSING)) depth--;
    }
    return inner;
  }

  /** Separated by commas or by nothing; semicolons end rows. @returns {Nested} */
  function list() {
    at++;
    /** @type {Nested[][]} */
    const rows = [[]];
    while (!is("])")) {
      if (is(",")) at++;
      else if (is(";")) {
        at++;
        if (!is("])")) rows.push([]);
      } else rows[rows.length - 1].push(value());
    }
    at++;
    return rows.length > 1 ? rows : rows[0];
  }

  /** Numbers without brackets: with commas or blanks between them, and a line a row. @returns {Nested} */
  function bare() {
    /** @type {Nested[][]} */
    const rows = [[value()]];
    for (;;) {
      const before = tokens[at - 1].line;
      const hasComma = is(",");
      const next = tokens[at + Number(hasComma)];
      if (!isNumber(next)) break;
      if (next.line > before && !hasComma) rows.push([]);
      at += Number(hasComma);
      rows[rows.length - 1].push(value());
    }
    if (rows.length > 1) return rows;
    return rows[0].length > 1 ? rows[0] : rows[0][0];
  }

  /** @type {Own[]} */
  const found = [];
  while (at < tokens.length) {
    if (is("{},;")) {
      at++;
      continue;
    }
    const { kind, text: written, line: begins } = tokens[at];
    if (kind !== "name") throw unexpected("own.problem.name");
    at++;
    if (is("=:")) at++;
    const one = isNumber(tokens[at]) ? bare() : value();
    const name = canonical(written);
    const shape = shapeOf(one);
    if (shape === null) throw new Unusable("own.problem.ragged", { line: begins, name: written });
    if (shape.length > 2 || shape.includes(0)) throw new Unusable("own.problem.axes", { line: begins, name: written });
    if (found.some((other) => other.name === name)) throw new Unusable("own.problem.twice", { line: begins, name: written });
    found.push({ name, line: begins, shape, cells: cellsOf(one) });
  }
  return found;
}

/** @param {string} text a number, or a quotient of two */
function digitsOf(text) {
  const [top, bottom] = text.replace("−", "-").split("/");
  if (bottom !== undefined) return { value: Number(top) / Number(bottom), decimals: MANY };
  const [digits, exponent = "0"] = top.toLowerCase().split("e");
  return { value: Number(top), decimals: Math.max(0, (digits.split(".")[1]?.length ?? 0) - Number(exponent)) };
}

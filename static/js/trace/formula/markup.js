/**
 * MathML as plain data, so that formulas can be made and tested without a page.
 *
 * @typedef {{tensor: string, index: number[]}} Cell index with all axes
 * @typedef {{tag: string, children: (Markup | string)[], attributes?: Record<string, string>, cell?: Cell}} Markup
 */

/** @param {string} tag @param {...(Markup | string)} children @returns {Markup} */
const element = (tag, ...children) => ({ tag, children });

/** An identifier: one letter is italic, several are upright. @param {string} name @returns {Markup} */
export const mi = (name) => element("mi", name);

/** A number as it is shown. @param {string} text @returns {Markup} */
export const mn = (text) => element("mn", text);

/** An operator. @param {string} sign @param {Record<string, string>} [attributes] @returns {Markup} */
export const mo = (sign, attributes) => ({ ...element("mo", sign), attributes });

/** The gap after the name of a function. @returns {Markup} */
export const gap = () => ({ ...element("mspace"), attributes: { width: "0.17em" } });

/** @param {...Markup} parts @returns {Markup} */
export const row = (...parts) => (parts.length === 1 ? parts[0] : element("mrow", ...parts));

/** @param {Markup} base @param {Markup} below @returns {Markup} */
export const sub = (base, below) => element("msub", base, below);

/** @param {Markup} base @param {Markup} above @returns {Markup} */
export const sup = (base, above) => element("msup", base, above);

/** @param {Markup} base @param {Markup} below @param {Markup} above @returns {Markup} */
export const subsup = (base, below, above) => element("msubsup", base, below, above);

/** @param {Markup} base @param {Markup} below @returns {Markup} */
export const under = (base, below) => element("munder", base, below);

/** @param {Markup} base @param {Markup} above @returns {Markup} */
export const over = (base, above) => ({ ...element("mover", base, above), attributes: { accent: "true" } });

/** @param {Markup} top @param {Markup} bottom @returns {Markup} */
export const fraction = (top, bottom) => element("mfrac", top, bottom);

/** @param {Markup} inner @returns {Markup} */
export const root = (inner) => element("msqrt", inner);

/** @param {Markup} inner @returns {Markup} */
export const parenthesised = (inner) => row(mo("(", { stretchy: "false" }), inner, mo(")", { stretchy: "false" }));

/** Rows of equally many cells. @param {Markup[][]} rows @returns {Markup} */
export const table = (rows) => element("mtable", ...rows.map((cells) => element("mtr", ...cells.map((cell) => element("mtd", cell)))));

/** The same with a class of its own. @param {Markup} markup @param {string} name @returns {Markup} */
export const withClass = (markup, name) => ({ ...markup, attributes: { ...markup.attributes, class: name } });

/** Signs between two parts. */
const INFIX = ["=", "\u00b7", "\u2248", "<", ">", "\u2264", "\u2260"];

/** The characters of a formula in reading order. @param {Markup | string} markup @returns {string} */
export function plain(markup) {
  if (typeof markup === "string") return markup;
  const parts = markup.children.map(plain);
  if (markup.tag === "mfrac") return `${parts[0]} / ${parts[1]}`;
  if (markup.tag === "msqrt") return `\u221a(${parts[0]})`;
  if (markup.tag === "msup") return `${parts[0]}^${parts[1]}`;
  const isInfix = markup.tag === "mo" && (markup.attributes?.form === "infix" || INFIX.includes(parts[0]));
  return isInfix ? ` ${parts[0]} ` : parts.join("");
}

import { guard } from "../../vendor/lit.js";
import { exactly } from "../../core/format.js";

/**
 * Turns formulas that are data into MathML elements.
 *
 * @typedef {import("../../trace/formula/markup.js").Markup} Markup
 * @typedef {(tensor: string, index: number[]) => number} ValueAt
 */

const MATHML = "http://www.w3.org/1998/Math/MathML";

/**
 * A formula, made anew only where it says something else: a result that arrives changes none of it.
 * @param {Markup} markup
 * @param {ValueAt} [at] gives numbers that stand for a cell all their digits as a title
 * @returns {unknown} a math element, for a template
 */
export function math(markup, at) {
  const withDigits = (/** @type {string} */ key, /** @type {any} */ value) => (key === "cell" && at ? [value, String(at(value.tensor, value.index))] : value);
  return guard([JSON.stringify(markup, withDigits)], () => element(markup, at));
}

/** @param {Markup} markup @param {ValueAt} [at] */
function element(markup, at) {
  const root = document.createElementNS(MATHML, "math");
  root.setAttribute("displaystyle", "true");
  root.append(node(markup, at));
  return root;
}

/** @param {Markup | string} markup @param {ValueAt} [at] @returns {Node} */
function node(markup, at) {
  if (typeof markup === "string") return document.createTextNode(markup);
  const element = document.createElementNS(MATHML, markup.tag);
  for (const [name, value] of Object.entries(markup.attributes ?? {})) element.setAttribute(name, value);
  if (markup.cell && at) element.setAttribute("title", exactly(at(markup.cell.tensor, markup.cell.index)));
  element.append(...markup.children.map((child) => node(child, at)));
  return element;
}

import { exactly } from "../../core/format.js";

/**
 * Turns formulas that are data into MathML elements.
 *
 * @typedef {import("../../trace/markup.js").Markup} Markup
 * @typedef {(tensor: string, index: number[]) => number} ValueAt
 */

const MATHML = "http://www.w3.org/1998/Math/MathML";

/**
 * @param {Markup} markup
 * @param {ValueAt} [at] gives numbers that stand for a cell all their digits as a title
 * @returns {Element} a math element
 */
export function math(markup, at) {
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

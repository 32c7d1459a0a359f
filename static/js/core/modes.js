/**
 * How a course page or a teacher wants the page, from the query of its address:
 * `?embed=1&hide=card,panel&goal=loss:0.05&present=1`.
 *
 * @typedef {{isEmbedded: boolean, isPresenting: boolean, hidden: string[], goal: string | null}} Modes
 */

/** What can be hidden, each a word of the style sheet css/modes.css. */
export const PARTS = ["header", "settings", "card", "panel", "transport", "scope", "legend", "asking", "share"];

/** An embedded page has no bar of its own, and nothing that leads elsewhere. */
const NOT_EMBEDDED = ["header", "settings", "share"];

/** @param {string} search as in location.search @returns {Modes} */
export function modesOf(search) {
  const query = new URLSearchParams(search);
  const isOn = (/** @type {string} */ name) => query.has(name) && !["0", "false", "no"].includes(query.get(name) ?? "");
  const wanted = query.getAll("hide").flatMap((names) => names.split(/[\s,]+/));
  const isEmbedded = isOn("embed");
  const hidden = new Set([...(isEmbedded ? NOT_EMBEDDED : []), ...wanted]);
  return {
    isEmbedded,
    isPresenting: isOn("present"),
    hidden: PARTS.filter((part) => hidden.has(part)),
    goal: query.get("goal")?.trim() || null,
  };
}

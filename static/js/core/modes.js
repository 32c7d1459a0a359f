import { goalOf, QUANTITIES } from "./goal.js";

/**
 * How a course page or a teacher wants the page, from the query of its address:
 * `?embed=1&hide=card,panel&goal=loss:0.05&present=1`.
 *
 * @typedef {{isEmbedded: boolean, isPresenting: boolean, hidden: string[], goal: string | null, lab: {id: string, scene: string | null} | null}} Modes lab:
 *   the one to begin, `?lab=gate&scene=stop`
 */

/** What can be hidden, each a word of the style sheet css/modes.css. */
export const PARTS = ["header", "settings", "card", "panel", "transport", "scope", "legend", "asking", "share"];

/** An embedded page has no bar of its own, and nothing that leads elsewhere. */
const NOT_EMBEDDED = ["header", "settings", "share"];

/** What was written behind `hide=`. @param {URLSearchParams} query */
const wantedIn = (query) => query.getAll("hide").flatMap((names) => names.split(/[\s,]+/)).filter(Boolean);

/**
 * What in the query looks misspelt: a part that there is not, or a goal that reads like a measure and is none.
 * @param {string} search as in location.search
 * @returns {{key: string, params: {found: string, wanted: string}} | null} a text of the language file
 */
export function mistakeOf(search) {
  const query = new URLSearchParams(search);
  const unknown = wantedIn(query).filter((name) => !PARTS.includes(name));
  if (unknown.length > 0) return { key: "problem.unknown_part", params: { found: unknown.join(", "), wanted: PARTS.join(", ") } };
  const goal = query.get("goal")?.trim() ?? "";
  const isMeant = /^\w+:\s*[\d.,]/.test(goal) || QUANTITIES.some((quantity) => goal.toLowerCase().startsWith(`${quantity}:`));
  return isMeant && goalOf(goal).quantity === null ? { key: "problem.unknown_goal", params: { found: goal, wanted: QUANTITIES.join(", ") } } : null;
}

/** @param {string} search as in location.search @returns {Modes} */
export function modesOf(search) {
  const query = new URLSearchParams(search);
  const isOn = (/** @type {string} */ name) => query.has(name) && !["0", "false", "no"].includes(query.get(name) ?? "");
  const isEmbedded = isOn("embed");
  const hidden = new Set([...(isEmbedded ? NOT_EMBEDDED : []), ...wantedIn(query)]);
  return {
    isEmbedded,
    isPresenting: isOn("present"),
    hidden: PARTS.filter((part) => hidden.has(part)),
    goal: query.get("goal")?.trim() || null,
    lab: query.get("lab") ? { id: query.get("lab") ?? "", scene: query.get("scene") } : null,
  };
}

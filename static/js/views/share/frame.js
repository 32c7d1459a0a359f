/** What a frame keeps of the address: a task, a scene of a lab, and what is left out. */
const KEPT = ["hide", "goal", "lab", "scene"];

/** A good height where the page is as wide as a column of text. */
const HEIGHT = 500;

/**
 * The line of HTML that shows a link in a frame.
 * @param {string} link
 * @param {string} search as in location.search
 * @param {string} title of the frame, for who cannot see it
 */
export function frameLine(link, search, title) {
  const kept = [...new URLSearchParams(search)].filter(([name]) => KEPT.includes(name));
  const address = new URL(link);
  // These two may stand as they are, and are read more easily.
  address.search = String(new URLSearchParams([["embed", "1"], ...kept])).replaceAll("%3A", ":").replaceAll("%2C", ",");
  return `<iframe src="${escape(address.href)}" title="${escape(title)}" width="100%" height="${HEIGHT}"></iframe>`;
}

/** @param {string} text */
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

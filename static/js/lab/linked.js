/** Words that lead somewhere, as in "[the small questions](small/back)". */
const LINK = /\[([^\]]+)\]\(([\w/-]+)\)/g;

/**
 * A text in parts: as it stands, or with where it leads to.
 * @param {string} text
 * @returns {{text: string, to: string | null}[]}
 */
export function linked(text) {
  const parts = text.split(LINK);
  return parts.flatMap((part, at) => (at % 3 === 2 || part === "" ? [] : { text: part, to: at % 3 === 1 ? parts[at + 1] : null }));
}

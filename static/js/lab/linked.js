import { END } from "../labs.js";

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

/** Which scene an address means. @param {import("../state.js").Lab} lab @param {string | null} scene @returns {number} */
export function sceneAt({ scenes }, scene) {
  if (scene === END) return scenes.length;
  const number = Number(scene) - 1;
  const named = scenes.findIndex(({ id }) => id === scene);
  return named >= 0 ? named : number in scenes ? number : 0;
}

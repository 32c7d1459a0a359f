import { said } from "./files.js";

/**
 * Whether an answer comes from a server that has another version of the page than this one, which was open meanwhile.
 * @param {Headers} headers of the answer
 */
export function isOutdated(headers) {
  const theirs = headers.get("Page-Version");
  return theirs !== null && theirs !== said("version");
}

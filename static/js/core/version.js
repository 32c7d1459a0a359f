import { said } from "./files.js";
import { t } from "./i18n.js";

/** The event that tells of a newer page; its detail is the server's version. */
export const OUTDATED = "outdated-page";

let isTold = false;

/** Notice an answer of a server that has another version of the page than this one, which was open meanwhile. @param {Headers} headers */
export function heedVersion(headers) {
  const theirs = headers.get("Page-Version");
  if (isTold || theirs === null || theirs === said("version")) return;
  isTold = true;
  dispatchEvent(new CustomEvent(OUTDATED, { detail: theirs }));
}

/**
 * Bring a module that was asked for. A file that is gone may have been one of an older page: the server knows.
 * @template T
 * @param {Promise<T>} module
 * @returns {Promise<T>}
 */
export async function brought(module) {
  try {
    return await module;
  } catch (error) {
    void fetch("api/v1/health/live").then(({ headers }) => heedVersion(headers), () => {});
    throw error;
  }
}

/** What to say of a file that did not come. */
export const whyMissing = () => t(isTold ? "problem.outdated_page" : "problem.unreachable");

import { number, listMark } from "../core/format.js";
import { currentLanguage, has, haveAllTexts, t } from "../core/i18n.js";
import { Problem } from "./client.js";
import { BrokenView } from "./view.js";

/** @param {unknown} value @returns {string} */
function shown(value) {
  if (typeof value === "number") return number(value);
  if (Array.isArray(value)) return value.length ? value.map(shown).join(`${listMark()} `) : "\u2013";
  return String(value ?? "\u2013");
}

/**
 * A problem in the reader's language, by its code. English readers, and those of a language that lacks the code, get the
 * server's own sentence, which says the most.
 * @param {import("./client.js").Problem} problem
 */
export function sentenceOf({ code, params, message }) {
  const key = `problem.${code}`;
  if (currentLanguage() === "en" || !has(key)) return message;
  const text = t(key, Object.fromEntries(Object.entries(params).map(([name, value]) => [name, shown(value)])));
  return /\{\w+\}/.test(text) ? message : text;
}

/** What is to be said of anything that failed. @param {unknown} error */
export async function sayingOf(error) {
  console.error(error);
  if (error instanceof BrokenView) return t("problem.broken_view");
  if (!(error instanceof Problem)) return t("problem.unreachable");
  // Without the text the server's own sentence is said.
  if (currentLanguage() !== "en") await haveAllTexts().catch(() => {});
  return sentenceOf(error);
}

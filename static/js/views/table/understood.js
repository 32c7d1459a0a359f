import { html, nothing } from "../../vendor/lit.js";
import { firstText, t } from "../../core/i18n.js";
import { chipTemplate } from "./chip.js";

/**
 * What was understood of the table's form, each part of it a choice.
 *
 * @typedef {import("./request.js").Choices} Choices
 * @typedef {"encoding" | "separator" | "decimal" | "header"} Part
 * @typedef {{encoding: string, separator: string | null, decimal: string, header: boolean, comment_lines: number, rows_left_out: number, guessed: Part[]}} Read
 */

/** What is on offer for each part, beside what was found. @type {Record<Part, string[]>} */
const OFFERED = {
  encoding: ["utf-8", "utf-16-le", "windows-1251", "windows-1252", "windows-1250", "koi8-r", "gb18030", "big5", "shift_jis", "euc-kr"],
  separator: [",", ";", "\t", "|", " "],
  decimal: [".", ","],
  header: ["true", "false"],
};

/** Signs that are no part of a key. @type {Record<string, string>} */
const NAMES = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blanks", ".": "point" };

/** For the server to find out. */
const OPEN = "";

/**
 * @param {Read | null} read null: the table was refused
 * @param {Choices} choices
 * @param {boolean} isFile pasted text has no encoding
 * @param {(change: Partial<Choices>) => void} onChoose
 */
export function understoodTemplate(read, choices, isFile, onChoose) {
  // In JSON nothing stands between cells.
  const parts = /** @type {Part[]} */ (read && read.separator === null ? ["encoding"] : ["encoding", "separator", "decimal", "header"]);
  return html`<div class="understood" role="group" aria-label=${t("data.understood")}>
    <span>${t("data.understood")}</span>
    ${parts.filter((part) => isFile || part !== "encoding").map((part) => partTemplate(part, read, choices[part], onChoose))}
    ${read && read.comment_lines > 0 ? html`<span>${t("data.comments", { count: read.comment_lines })}</span>` : nothing}
  </div>`;
}

/** @param {Part} part @param {Read | null} read @param {string | boolean | undefined} chosen @param {(change: Partial<Choices>) => void} onChoose */
function partTemplate(part, read, chosen, onChoose) {
  const value = String(chosen ?? read?.[part] ?? OPEN);
  const isOpen = chosen !== undefined || read === null;
  const values = new Set([...(isOpen ? [OPEN] : []), ...(value === OPEN ? [] : [value]), ...OFFERED[part]]);
  const choices = [...values].map((each) => ({ value: each, text: textOf(part, each), about: firstText([`data.encoding.${each}`]) }));
  const choose = (/** @type {string} */ to) => onChoose({ [part]: to === OPEN ? undefined : part === "header" ? to === "true" : to });
  const isGuess = chosen === undefined && (read?.guessed.includes(part) ?? false);
  return chipTemplate({ id: `table-${part}`, label: t(`data.${part}`), value, choices, isGuess, onChoose: choose });
}

/** @param {Part} part @param {string} value */
function textOf(part, value) {
  if (value === OPEN) return `${t(`data.${part}`)}: ${t("data.automatic")}`;
  return part === "encoding" ? value : firstText([`data.${part}.${NAMES[value] ?? value}`]) || value;
}

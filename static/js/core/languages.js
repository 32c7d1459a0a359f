/** The languages of the page, each with its name in itself and the mark before decimals. */
export const LANGUAGES = [
  { tag: "en", name: "English", decimalMark: "." },
  { tag: "zh-Hans", name: "简体中文", decimalMark: "." },
  { tag: "id", name: "Bahasa Indonesia", decimalMark: "," },
  { tag: "ru", name: "Русский", decimalMark: "," },
];

/** Tags that browsers use for the same language. @type {Record<string, string>} */
const OTHER_NAMES = { zh: "zh-Hans", in: "id" };

/**
 * The first wish that the page can fulfil, else English: "zh-CN" is Simplified Chinese, "ru-UA" is Russian.
 * @param {readonly (string | null | undefined)[]} wishes language tags, the dearest first
 */
export function languageFor(wishes) {
  for (const wish of wishes) {
    const base = (wish ?? "").toLowerCase().split(/[-_]/)[0];
    const tag = OTHER_NAMES[base] ?? base;
    if (LANGUAGES.some((language) => language.tag === tag)) return tag;
  }
  return "en";
}

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { csvOf } from "../../static/js/core/csv.js";
import { decimals, exactly, listed, number, numbers, precisely, signed } from "../../static/js/core/format.js";
import { readingTime, t, useLanguage } from "../../static/js/core/i18n.js";
import { LANGUAGES, languageFor } from "../../static/js/core/languages.js";

const ROOT = new URL("../../static/", import.meta.url);
/** @type {Record<string, Record<string, string | Record<string, string>>>} */
const languages = Object.fromEntries(
  LANGUAGES.map(({ tag }) => [tag, JSON.parse(readFileSync(new URL(`i18n/${tag}.json`, ROOT), "utf8"))]),
);
const texts = languages.en;
const scripts = readdirSync(new URL("js/", ROOT), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".js"))
  .map((name) => ({ name, source: readFileSync(new URL(`js/${name}`, ROOT), "utf8") }));
/** A file of each lesson that has one. @param {string} file */
const lessonsWith = (file) =>
  readdirSync(new URL("lessons/", ROOT))
    .map((name) => ({ name, address: new URL(`lessons/${name}/${file}`, ROOT) }))
    .filter(({ address }) => existsSync(address))
    .map(({ name, address }) => ({ name, lesson: JSON.parse(readFileSync(address, "utf8")) }));
const tours = lessonsWith("lesson.json").filter(({ lesson }) => "captions" in lesson);

test("every text that a script names is in the language file", () => {
  const missing = scripts.flatMap(({ name, source }) =>
    [...source.matchAll(/\bt\("([\w.]+)"/g)].filter(([, key]) => !(key in texts)).map(([, key]) => `${name}: ${key}`),
  );
  assert.deepEqual(missing, []);
});

test("no text stands twice in a language file", () => {
  for (const { tag } of LANGUAGES) {
    const keys = [...readFileSync(new URL(`i18n/${tag}.json`, ROOT), "utf8").matchAll(/^ {2}("[^"]+"):/gm)].map(([, key]) => key);
    assert.deepEqual(keys.filter((key, at) => keys.indexOf(key) !== at), [], tag);
  }
});

/** How many words are to be read; Chinese writes them without blanks, and two of its characters take as long as a word. @param {string} said */
const wordsIn = (said) =>
  (said.match(/\p{Script=Han}/gu) ?? []).length / 2 + (said.match(/[^\s\p{Script=Han}\p{P}]+([.,][^\s\p{Script=Han}\p{P}]+)*/gu) ?? []).length;

test("a lesson has at most six captions with the one at its end, in every language of at most 13 words", () => {
  assert.notDeepEqual(tours, []);
  for (const { name, lesson } of tours) {
    assert.ok(lesson.captions.length <= 5, name);
    for (const { text } of [...lesson.captions, { text: "payoff.mean" }, { text: "payoff.sum" }]) {
      for (const [language, itsTexts] of Object.entries(languages)) {
        assert.ok(text in itsTexts, `${name}: ${text} in ${language}`);
        useLanguage(language, itsTexts);
        const said = t(text, { count: 2, samples: listed(["2", "4"]), before: "0.804", after: "0.462" });
        assert.ok(wordsIn(said) <= 13, `${wordsIn(said)}: ${said} in ${language}`);
      }
    }
  }
});

test("plurals have the form that every number can take", () => {
  for (const [language, itsTexts] of Object.entries(languages)) {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    for (const [key, text] of Object.entries(itsTexts)) {
      if (typeof text !== "string") assert.deepEqual(Object.keys(text).toSorted(), forms, `${key} in ${language}`);
    }
  }
});

/** The placeholders of a text, in all its forms. @param {string | Record<string, string>} text */
const placeholders = (text) => [...new Set(JSON.stringify(text).match(/\{\w+\}/g))].toSorted();

test("every language has every text, and no other", () => {
  for (const [language, itsTexts] of Object.entries(languages)) {
    const lacking = Object.keys(texts).filter((key) => !(key in itsTexts));
    const foreign = Object.keys(itsTexts).filter((key) => !(key in texts));
    assert.deepEqual({ lacking, foreign }, { lacking: [], foreign: [] }, language);
  }
});

test("a text has the same placeholders in every language", () => {
  for (const [language, itsTexts] of Object.entries(languages)) {
    for (const [key, text] of Object.entries(itsTexts)) {
      // The number of one thing need not be said.
      if (typeof text === "string" && key in texts) assert.deepEqual(placeholders(text), placeholders(texts[key]), `${key} in ${language}`);
    }
  }
});

test("the first wish that the page can fulfil decides the language", () => {
  assert.equal(languageFor([null, "de-CH", "zh-CN", "en"]), "zh-Hans");
  assert.equal(languageFor(["in"]), "id");
  assert.equal(languageFor(["ru-UA", "en"]), "ru");
  assert.equal(languageFor(["fr"]), "en");
});

test("numbers and plurals follow the language", () => {
  useLanguage("ru", languages.ru);
  assert.equal(number(-0.75), "\u22120,75");
  assert.equal(number(3.1e-9), "3,1e\u22129");
  assert.equal(exactly(0.123456789), "0,123456789");
  assert.equal(numbers([0.5, -1]), "0,5; \u22121");
  assert.deepEqual([1, 3, 5, 21].map((count) => t("data.read", { count })), ["Прочитана 1 строка.", "Прочитано 3 строки.", "Прочитано 5 строк.", "Прочитана 21 строка."]);
  useLanguage("en", languages.en);
  assert.equal(numbers([0.5, -1]), "0.5, \u22121");
});

test("a number is rounded and marked as Intl does it, in every language", () => {
  const ties = Array.from({ length: 500 }, (_, at) => (at * 10 + 5) / 10 ** (1 + (at % 7)));
  const edges = [0.001, 0.9994, 0.9996, 9.995, 9.996, 99.95, 999.4, 999.6, 1000, 1000.5, 9999.6, 12345.5, 99999.4, 1 / 3, 0.1235];
  const values = [...edges, ...ties, ...Array.from({ length: 500 }, (_, at) => Math.sin(at) * 10 ** ((at % 9) - 3))];
  for (const { tag } of LANGUAGES) {
    useLanguage(tag, languages[tag]);
    const inDigits = (/** @type {number} */ value, /** @type {Intl.NumberFormatOptions} */ options) =>
      new Intl.NumberFormat(tag, { useGrouping: false, ...options }).format(value).replace("-", "\u2212");
    for (const value of values.filter((value) => Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5)) {
      const whole = Math.max(3, String(Math.trunc(Math.abs(value))).length);
      const isShort = Number(value.toPrecision(3)) === value || Math.abs(value) >= 1000;
      assert.equal(number(value), inDigits(value, isShort ? { maximumSignificantDigits: whole } : { minimumSignificantDigits: 3, maximumSignificantDigits: 3 }), `${tag} ${value}`);
    }
  }
  useLanguage("en", languages.en);
});

test("no number on the page is a minus zero, in any language and at any rounding", () => {
  for (const tag of Object.keys(languages)) {
    useLanguage(tag, languages[tag]);
    const texts = [number(-0), exactly(-0), signed(-0), precisely(-0, 3), decimals(-0, 2), decimals(-0.0004, 2), numbers([-0, 0])];
    assert.deepEqual(texts.filter((text) => /[-\u2212]/.test(text)), [], tag);
    assert.match(decimals(-0.006, 2), /^\u22120[.,]01$/);
  }
  useLanguage("en", languages.en);
  assert.equal(csvOf([[-0, -0.5]]), "0,-0.5\r\n");
});

test("a caption is held as long as its language takes to read", () => {
  assert.equal(readingTime("four words, no more"), 800);
  useLanguage("zh-Hans", languages["zh-Hans"]);
  assert.equal(readingTime("梯度到此为止。"), 700);
  useLanguage("en", languages.en);
});

/** Words and beginnings that no English text has, each with the texts that may have them. @type {[RegExp, RegExp?][]} */
const FORBIDDEN = [
  [/\banew\b/i],
  [/\bforth\b/i],
  [/\b[Mm]end\b/],
  [/\bWhoever\b/],
  // A gate is shut. Labels may be off by one.
  [/\boff\b/, /^mistake\.labels_off_by_one/],
  // Questions may.
  [/^(What|Which)\b.*[^?]$/],
  [/(?<![Tt]here )\b(is|was|are) no\b/],
  [/\bblanks?\b/],
  [/\bneurons?\b/],
  // A row is of a table or of an array; what the network learns from is a sample.
  [/(?<!\{)\brows?\b/, /^05-code\.|^06-small\.scenes\.wires\.|^(data|reading|doctor|mistake|notation|rows)\.|^problem\.(csv_|case_|distribution|label|ragged|target|transposed)/],
];

/** All texts below a value by their paths. @param {unknown} value @param {string} path @returns {[string, string][]} */
const textsBelow = (value, path) =>
  typeof value === "string" ? [[path, value]] : Object.entries(/** @type {object} */ (value)).flatMap(([key, inner]) => textsBelow(inner, `${path}.${key}`));

test("no English text has a word that we do not use", () => {
  const ofLabs = lessonsWith("en.json").flatMap(({ name, lesson }) => textsBelow(lesson, name));
  assert.notDeepEqual(ofLabs, []);
  const found = [...Object.entries(texts), ...ofLabs].flatMap(([key, text]) =>
    FORBIDDEN.filter(([pattern, allowed]) => !allowed?.test(key) && (typeof text === "string" ? [text] : Object.values(text)).some((form) => pattern.test(form))).map(([pattern]) => `${key}: ${pattern}`),
  );
  assert.deepEqual(found, []);
});

test("no user-visible sentence stands in a script", () => {
  const sentences = scripts.flatMap(({ name, source }) =>
    [...source.matchAll(/>\s*([A-Z][a-z]+ [a-z]+ [a-z ]+)[.<]/g)].map(([, sentence]) => `${name}: ${sentence}`),
  );
  assert.deepEqual(sentences, []);
});

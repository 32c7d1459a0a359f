import { signal } from "../vendor/signals.js";
import { addressOf } from "./files.js";

/**
 * Texts come from static/i18n/<language>.json: flat keys, {name} placeholders, plurals as
 * {"one": "...", "other": "..."} chosen by `count`. Numbers and plurals follow the language by Intl.
 */
/** @typedef {Record<string, string | Record<string, string>>} Texts */

/** The language in force; who says something in it hears of another one. */
const spoken = signal({ name: "en", texts: /** @type {Texts} */ ({}), plurals: new Intl.PluralRules("en") });

/** A family of texts that few readers need: the bundle keeps it apart, with others. */
const APART = "mistake.";
/** Whether those are wanted too. */
let areAllWanted = false;

/** @param {string} name @returns {Promise<Texts>} */
const fetched = async (name) => (await fetch(addressOf(`i18n/${name}.json`))).json();

/** Whether these have those that the bundle keeps apart. @param {Texts} texts */
const isWhole = (texts) => Object.keys(texts).some((key) => key.startsWith(APART));

/** @param {string} name language @param {Texts} texts @returns {Promise<Texts>} with those that the bundle keeps apart */
const whole = async (name, texts) => (isWhole(texts) ? texts : { ...texts, ...(await fetched(`apart/${name}`)) });

/** @param {string} name language, as "en" @returns {Promise<Texts>} */
export async function textsOf(name) {
  const texts = await fetched(name);
  return areAllWanted ? whole(name, texts) : texts;
}

/** Have all texts, from now on in every language. */
export async function haveAllTexts() {
  areAllWanted = true;
  const { name, texts } = spoken.value;
  // Nothing visible needs them, so no element has to render again.
  if (!isWhole(texts)) Object.assign(texts, await whole(name, texts));
}

/**
 * A module that says more than the first screen does, with its texts.
 * @template T
 * @param {() => Promise<T>} load
 */
export const withAllTexts = (load) => haveAllTexts().then(load);

/** @param {string} name language, as "en" */
export async function loadLanguage(name) {
  speak(name, await textsOf(name));
}

/** @param {string} name language, as "en" @param {Texts} itsTexts */
export function speak(name, itsTexts) {
  useLanguage(name, itsTexts);
  document.documentElement.lang = name;
}

/** @param {string} name language, as "en" @param {Texts} itsTexts */
export function useLanguage(name, itsTexts) {
  spoken.value = { name, texts: itsTexts, plurals: new Intl.PluralRules(name) };
}

/** The language in force, for Intl. */
export const currentLanguage = () => spoken.value.name;

/** A sentence takes so long to read, in ms: by words, and in Chinese, which has none to count, by characters. @param {string} text */
export const readingTime = (text) => (currentLanguage().startsWith("zh") ? 100 * [...text].length : 200 * text.split(/\s+/).length);

/** Whether a text exists. @param {string} key */
export const has = (key) => key in spoken.value.texts;

/**
 * The text of a key with its placeholders filled in. A missing key shows itself, so that a test can find it.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const { texts, plurals } = spoken.value;
  const entry = texts[key];
  if (entry === undefined) return key;
  const text = typeof entry === "string" ? entry : (entry[plurals.select(Number(values.count))] ?? entry.other);
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/**
 * The first of these keys that has a text.
 * @param {string[]} keys
 * @param {Record<string, string | number>} [values]
 */
export function firstText(keys, values) {
  const key = keys.find(has);
  return key === undefined ? "" : t(key, values);
}

/**
 * What a thing is called: its text, or its own name made readable where there is none ("leaky_relu": "leaky relu").
 * @param {string} kind what it is, the first part of its key
 * @param {string} name
 */
export const nameOf = (kind, name) => firstText([`${kind}.${name}`]) || name.replaceAll("_", " ");

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const ROOT = new URL("../../static/", import.meta.url);
const texts = JSON.parse(readFileSync(new URL("i18n/en.json", ROOT), "utf8"));
const scripts = readdirSync(new URL("js/", ROOT), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".js"))
  .map((name) => ({ name, source: readFileSync(new URL(`js/${name}`, ROOT), "utf8") }));
const lessons = readdirSync(new URL("lessons/", ROOT)).map((name) => ({
  name,
  lesson: JSON.parse(readFileSync(new URL(`lessons/${name}/lesson.json`, ROOT), "utf8")),
}));

test("every text that a script names is in the language file", () => {
  const missing = scripts.flatMap(({ name, source }) =>
    [...source.matchAll(/\bt\("([\w.]+)"/g)].filter(([, key]) => !(key in texts)).map(([, key]) => `${name}: ${key}`),
  );
  assert.deepEqual(missing, []);
});

test("every caption of a lesson is in the language file and has at most 20 words", () => {
  for (const { name, lesson } of lessons) {
    assert.ok(lesson.captions.length <= 10, name);
    for (const { text } of lesson.captions) {
      assert.ok(text in texts, `${name}: ${text}`);
      assert.ok(texts[text].split(/\s+/).length <= 20, `${name}: ${text}`);
    }
  }
});

test("plurals have the form that every number can take", () => {
  for (const [key, text] of Object.entries(texts)) {
    if (typeof text !== "string") assert.ok("other" in text, key);
  }
});

test("no user-visible sentence stands in a script", () => {
  const sentences = scripts.flatMap(({ name, source }) =>
    [...source.matchAll(/>\s*([A-Z][a-z]+ [a-z]+ [a-z ]+)[.<]/g)].map(([, sentence]) => `${name}: ${sentence}`),
  );
  assert.deepEqual(sentences, []);
});

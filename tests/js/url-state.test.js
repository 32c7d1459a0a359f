import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { BadLink, compact, defaults, fromFile, fromFragment, MOST_CHARACTERS, toFile, toFragment } from "../../static/js/core/url-state.js";

const lesson = JSON.parse(readFileSync(new URL("../../static/lessons/01-first-minute/lesson.json", import.meta.url), "utf8"));
/** @type {import("../../static/js/core/url-state.js").Shared} */
const SHARED = {
  ...defaults(),
  recipe: lesson.recipe,
  edits: [{ step: 2, patch: { optimizer: { learning_rate: 0.1 } } }],
  step: 37,
  sample: 2,
  at: { scope: "sample", output: "dz1", progress: 1 },
  focus: { tensor: "dW1", index: [0, 1] },
  granularity: "neuron",
  tab: "loss",
  language: "zh-Hans",
  notation: "textbook",
  table: { title: "Größe, 尺寸", csv: "a,label\n1,x\n" },
};
/** @param {number} count numbers that do not repeat */
const weights = (count) => Array.from({ length: count }, (_, at) => Math.sin(at + 1));
/** @param {string} code */
const isBad = (code) => (/** @type {unknown} */ error) => error instanceof BadLink && error.code === code;
/** What a link with this document would be. @param {unknown} document */
const linkOf = (document) => toFragment(/** @type {any} */ (document));

test("a state comes back from its link, number by number", async () => {
  assert.deepEqual(await fromFragment(String(await toFragment(SHARED))), SHARED);
  const recipe = { ...lesson.recipe, parameters: { W1: [weights(100)] } };
  assert.deepEqual((await fromFragment(String(await linkOf({ ...SHARED, recipe }))))?.recipe, recipe);
});

test("a state comes back from its file", () => {
  assert.deepEqual(fromFile(toFile(SHARED)), SHARED);
});

test("what goes without saying is not written", async () => {
  assert.deepEqual(Object.keys(compact({ ...defaults(), recipe: lesson.recipe })), ["recipe"]);
  assert.ok(String(await toFragment({ ...defaults(), recipe: lesson.recipe })).length < 450);
});

test("a link has letters that survive in mails", async () => {
  assert.match(String(await toFragment(SHARED)), /^#v1\.[\w-]+$/);
});

test("what is too large for a link makes none, and still makes a file", async () => {
  const large = { ...SHARED, recipe: { ...lesson.recipe, parameters: { W1: [weights(1000)] } } };
  assert.equal(await toFragment(large), null);
  assert.deepEqual(fromFile(toFile(large)), large);
  assert.ok(String(await toFragment(SHARED)).length <= MOST_CHARACTERS);
});

test("an address without a state holds none", async () => {
  assert.equal(await fromFragment(""), null);
  assert.equal(await fromFragment("#"), null);
});

test("a link that lost or changed a letter is broken", async () => {
  const link = String(await toFragment(SHARED));
  for (const at of [0, 20, 60, link.length - 5]) {
    const letter = link[4 + at] === "A" ? "B" : "A";
    if (4 + at >= link.length) continue;
    await assert.rejects(fromFragment(link.slice(0, 4 + at) + letter + link.slice(5 + at)), isBad("broken"), `letter ${at}`);
  }
  for (const broken of [link.slice(0, -1), link.slice(0, 40), "#v1.", "#v1.%%%", "#chapter-2", `${link}AAAA`]) {
    await assert.rejects(fromFragment(broken), isBad("broken"), broken);
  }
});

test("a link of another version is told from a broken one", async () => {
  await assert.rejects(fromFragment("#v2.abc"), isBad("version"));
  assert.throws(() => fromFile(JSON.stringify({ format: "backprop-playground-state/9" })), isBad("version"));
});

test("a file of another program is told", () => {
  for (const text of ["width,height\n1,2", "[]", "null", JSON.stringify({ format: "backprop-playground/1" })]) {
    assert.throws(() => fromFile(text), isBad("foreign"), text);
  }
});

test("a state with a part of the wrong kind is broken", async () => {
  const wrong = [
    { recipe: undefined }, { recipe: {} }, { recipe: { model: { inputs: "2", hidden: [], output: {} } } }, { step: -1 }, { step: 1.5 }, { step: 2e9 },
    { sample: "1" }, { at: { scope: "moon", output: "z1", progress: 1 } }, { at: "z1" }, { focus: { tensor: "W1", index: [-1] } }, { focus: 3 },
    { granularity: "atom" }, { edits: [{ step: 1 }] }, { edits: {} }, { language: 7 }, { table: { csv: "a" } }, { tab: null }, { isTheLongWay: "yes" },
  ];
  for (const part of wrong) await assert.rejects(fromFragment(String(await linkOf({ ...SHARED, ...part }))), isBad("broken"), JSON.stringify(part));
});

test("what a later version adds is ignored", async () => {
  assert.deepEqual(await fromFragment(String(await linkOf({ ...SHARED, colour: "red" }))), SHARED);
});

test("a small link that unfolds without end is refused", async () => {
  const bomb = await linkOf({ ...SHARED, table: { title: "a", csv: "0".repeat(5_000_000) } });
  await assert.rejects(fromFragment(String(bomb)), isBad("broken"));
});

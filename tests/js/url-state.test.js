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
  tab: "table",
  language: "zh-Hans",
  notation: "textbook",
  table: { title: "Größe, 尺寸", csv: "a,label\n1,x\n" },
};
/** @param {number} count numbers that do not repeat */
const weights = (count) => Array.from({ length: count }, (_, at) => Math.sin(at + 1));
/** @param {string} code */
const isBad = (code) => (/** @type {unknown} */ error) => error instanceof BadLink && error.code === code;
/** A state of which nothing was left out. @param {import("../../static/js/core/url-state.js").Opened | null} opened */
function whole(opened) {
  assert.deepEqual(opened?.leftOut, []);
  return opened?.shared;
}
/** What a link with this document would be. @param {unknown} document */
const linkOf = (document) => toFragment(/** @type {any} */ (document));

/** A link with any JSON in it. @param {unknown} document */
async function toFragmentOf(document) {
  const stream = new Blob([JSON.stringify(document)]).stream().pipeThrough(new CompressionStream("deflate"));
  return `#v1.${Buffer.from(await new Response(stream).arrayBuffer()).toString("base64url")}`;
}

test("a state comes back from its link, number by number", async () => {
  assert.deepEqual(whole(await fromFragment(String(await toFragment(SHARED)))), SHARED);
  const recipe = { ...lesson.recipe, parameters: { W1: [weights(100)] } };
  assert.deepEqual(whole(await fromFragment(String(await linkOf({ ...SHARED, recipe }))))?.recipe, recipe);
});

test("a state comes back from its file", () => {
  assert.deepEqual(whole(fromFile(toFile(SHARED))), SHARED);
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
  assert.deepEqual(whole(fromFile(toFile(large))), large);
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

test("a state without a network is broken", async () => {
  const { model } = lesson.recipe;
  const wrong = [
    undefined, null, {}, [], { model: [] }, { model: { ...model, inputs: "2" } }, { model: { ...model, inputs: -1 } }, { model: { ...model, hidden: {} } },
    { model: { ...model, hidden: [3] } }, { model: { ...model, hidden: [{ units: 1.5 }] } }, { model: { ...model, hidden: [{ units: 2, activation: [] }] } },
    { model: { ...model, output: null } }, { model: { ...model, output: {} } },
  ];
  for (const recipe of wrong) await assert.rejects(fromFragment(String(await linkOf({ ...SHARED, recipe }))), isBad("broken"), JSON.stringify(recipe));
  for (const document of [null, 3, "text", [], [SHARED]]) await assert.rejects(fromFragment(String(await toFragmentOf(document))), isBad("broken"));
});

test("a part of the wrong kind is left out and named, and the others come", async () => {
  const wrong = [
    { step: -1 }, { step: 1.5 }, { step: 2e9 }, { step: "1" }, { sample: "1" }, { sample: null },
    { at: { scope: "moon", output: "z1", progress: 1 } }, { at: { scope: "batch", output: "z1", progress: "1" } }, { at: { scope: "batch", output: "z1" } }, { at: "z1" }, { at: [] },
    { focus: { tensor: "W1", index: [-1] } }, { focus: { tensor: "W1", index: ["0"] } }, { focus: { tensor: "W1" } }, { focus: 3 },
    { granularity: "atom" }, { granularity: "constructor" }, { tab: "__proto__" }, { tab: "toString" }, { tab: "loss" }, { tab: null }, { thumbnails: "hasOwnProperty" },
    { edits: [{ step: 1 }] }, { edits: {} }, { edits: [{ step: 1, patch: [] }] }, { language: 7 }, { notation: "prose" },
    { table: { csv: "a" } }, { table: { title: "a", csv: "a", columns: { a: 3 } } }, { isTheLongWay: "yes" },
  ];
  for (const part of wrong) {
    const [name] = Object.keys(part);
    const opened = await fromFragment(String(await linkOf({ ...SHARED, ...part })));
    assert.deepEqual(opened, { shared: { ...SHARED, [name]: /** @type {any} */ (defaults())[name] }, leftOut: [name] }, JSON.stringify(part));
  }
});

test("a part of a recipe that the page cannot read is left out, and what is not there is not named", async () => {
  const wrong = [
    { optimizer: null }, { optimizer: 5 }, { optimizer: { name: 5 } }, { dataset: "iris" }, { dataset: { name: {} } }, { batch: [] }, { batch: { x: 3, y: [] } },
    { batch_size: -2 }, { shuffle: "no" }, { seed: "a" }, { parameters: [] }, { parameters: { W1: 3 } }, { initializer: "he" },
  ];
  for (const part of wrong) {
    const [name] = Object.keys(part);
    const { [name]: _, ...others } = lesson.recipe;
    const opened = await fromFragment(String(await linkOf({ ...SHARED, recipe: { ...lesson.recipe, ...part } })));
    assert.deepEqual(opened, { shared: { ...SHARED, recipe: others }, leftOut: [name] }, JSON.stringify(part));
  }
  const { optimizer: _, ...without } = lesson.recipe;
  assert.deepEqual(whole(await fromFragment(String(await linkOf({ ...SHARED, recipe: without }))))?.recipe, without);
});

test("names that every object knows are no part of a state", async () => {
  const text = JSON.stringify({ ...SHARED, recipe: lesson.recipe }).replace(/^\{/, '{"__proto__": {"tab": "table", "step": 5}, "constructor": 3, ');
  const { tab: _, step: _too, ...others } = SHARED;
  const opened = await fromFragment(String(await toFragmentOf(JSON.parse(text.replace('"tab":"table",', "").replace('"step":37,', "")))));
  assert.deepEqual(whole(opened), { ...defaults(), ...others });
});

test("what a later version adds is ignored", async () => {
  assert.deepEqual(whole(await fromFragment(String(await linkOf({ ...SHARED, colour: "red" })))), SHARED);
});

test("a small link that unfolds without end is refused", async () => {
  const bomb = await linkOf({ ...SHARED, table: { title: "a", csv: "0".repeat(5_000_000) } });
  await assert.rejects(fromFragment(String(bomb)), isBad("broken"));
});

test("a state that is nested deeper than it could be written again is refused", async () => {
  const nested = `${"[".repeat(500_000)}${"]".repeat(500_000)}`;
  const text = toFile(SHARED);
  for (const [place, filled] of [['"recipe": {', `"recipe": {"foo": ${nested},`], ['"edits": [', `"edits": [{"step": 0, "patch": {"a": ${nested}}},`], ['"focus": {', `"focus": {"x": ${nested},`]]) {
    assert.ok(text.includes(place));
    assert.throws(() => fromFile(text.replace(place, filled)), isBad("broken"), place);
  }
});

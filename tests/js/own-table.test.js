import assert from "node:assert/strict";
import { test } from "node:test";
import { isSavedState } from "../../static/js/core/brought-file.js";
import { fileSize } from "../../static/js/core/format.js";
import { useLanguage } from "../../static/js/core/i18n.js";
import { aimsOf, otherAim, shownColumns } from "../../static/js/views/table/columns.js";
import { base64Of, NO_CHOICES, requestOf, withChoice, withRole } from "../../static/js/views/table/request.js";

const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);

test("a saved state is known by its content, and everything else is a table", () => {
  const state = '{\n "format": "backprop-playground-state/1",\n "recipe": {}}';
  for (const text of [state, "\ufeff" + state, '{"recipe": {}, "format": "backprop-playground-state/9"}', state.slice(0, 50)]) assert.ok(isSavedState(bytes(text)), text);
  for (const text of ["a,b,label\n1,2,A", '[{"a": 1, "label": "A"}]', '{"a": [1, 2], "label": ["A", "B"]}', "[[1, 2, 0]]", 'format,b\n"backprop-playground-state/1",2', ""]) assert.ok(!isSavedState(bytes(text)), text);
  assert.ok(!isSavedState(Uint8Array.of(0xff, 0xfe, 0x7b, 0)));
});

test("a file about which nothing was chosen goes as its bytes, untouched", () => {
  const file = { bytes: Uint8Array.of(0xf0, 0xee, 0xf1, 0xf2, 0x3b), name: "a.csv" };
  assert.equal(requestOf(file, NO_CHOICES), file.bytes);
  assert.deepEqual(requestOf(file, { columns: {}, encoding: "windows-1251" }), { base64: "8O7x8js=", columns: {}, encoding: "windows-1251" });
  assert.deepEqual(requestOf(file, { columns: { Id: "left_out" } }), { base64: "8O7x8js=", columns: { Id: "left_out" } });
  assert.deepEqual(requestOf({ text: "1,2,a" }, { columns: {}, part: true }), { csv: "1,2,a", columns: {}, part: true });
});

test("base64 of every length and of more bytes than a call takes", () => {
  for (const length of [0, 1, 2, 3, 255, 8192, 8193, 100_000]) {
    const given = Uint8Array.from({ length }, (_, at) => (at * 7 + 13) % 256);
    assert.deepEqual(new Uint8Array(Buffer.from(base64Of(given), "base64")), given, String(length));
  }
});

test("only one column is to be learned, and what others were chosen to be stays", () => {
  let choices = withRole(NO_CHOICES, "class", "label");
  choices = withRole(choices, "Id", "left_out");
  assert.deepEqual(withRole(choices, "grade", "target").columns, { Id: "left_out", grade: "target" });
  assert.deepEqual(withRole(choices, "class", "feature").columns, { Id: "left_out", class: "feature" });
  assert.deepEqual(withRole(choices, "width", "feature").columns, { class: "label", Id: "left_out", width: "feature" });
  assert.deepEqual(withRole(choices, "class", "").columns, { Id: "left_out" });
  assert.deepEqual(NO_CHOICES, { columns: {} });
});

test("roles go with the names that another reading takes away, and with no other choice", () => {
  const choices = withRole({ columns: {}, missing: "mean" }, "class", "label");
  for (const change of [{ encoding: "koi8-r" }, { separator: ";" }, { header: false }]) assert.deepEqual(withChoice(choices, change), { missing: "mean", columns: {}, ...change });
  assert.deepEqual(withChoice({ ...choices, encoding: "koi8-r" }, { encoding: undefined }), { missing: "mean", columns: {} });
  for (const change of [{ decimal: "," }, { part: /** @type {const} */ (true) }, { missing: /** @type {const} */ ("leave_out") }])
    assert.deepEqual(withChoice(choices, change), { missing: "mean", columns: { class: "label" }, ...change });
});

/** @param {string} name @param {import("../../static/js/views/table/request.js").Role} role @param {Partial<import("../../static/js/views/table/columns.js").Column>} [rest] */
const column = (name, role, rest = {}) => ({ name, role, kind: /** @type {const} */ ("decimal"), why: "numbers", guessed: false, features: role === "feature" ? [name] : [], missing: 0, ...rest });

const READ = {
  columns: [
    column("Id", "left_out", { guessed: true }),
    column("sex", "feature", { kind: /** @type {const} */ ("words"), features: ["sex=f", "sex=m"] }),
    column("height", "feature"),
    column("class", "label", { guessed: true }),
  ],
  feature_names: ["sex=f", "sex=m", "height"],
  class_names: ["cat", "dog"],
  preview_x: [[1, 0, 1.54321], [0, 1, 2], [1, 0, 3], [1, 0, 4], [1, 0, 5], [1, 0, 6]],
  preview_y: [1, 0, 0, 0, 0, 0],
  preview_cells: [["1", "f", "1,54321", "dog"], ["2", "m", "2,0", "cat"], ...["3", "4", "5", "6"].map((id) => [id, "f", id, "cat"])],
};

test("the preview shows numbers as understood, words as written, and five rows", () => {
  useLanguage("en", {});
  const cells = shownColumns(READ).map((column) => column.cells.slice(0, 2));
  assert.deepEqual(cells, [["1", "2"], ["f", "m"], ["1.54321", "2"], ["dog", "cat"]]);
  assert.deepEqual(shownColumns(READ).map((column) => column.cells.length), [5, 5, 5, 5]);
  assert.deepEqual(shownColumns({ ...READ, columns: [...READ.columns.slice(0, 3), column("class", "target")], class_names: [], preview_y: [0.25, -3, 0, 0, 0, 0] })[3].cells.slice(0, 2), ["0.25", "\u22123"]);
});

test("what is to be learned has another choice beside it, words and whole numbers first", () => {
  const [id, sex, height, label] = READ.columns;
  const count = column("count", "feature", { kind: "whole" });
  assert.deepEqual(otherAim([id, height, sex, label]), { name: "sex", role: "label" });
  assert.deepEqual(otherAim([height, count, label]), { name: "count", role: "label" });
  assert.deepEqual(otherAim([count, column("price", "target", { guessed: true })]), { name: "count", role: "target" });
  assert.deepEqual(otherAim([height, column("width", "feature"), label]), { name: "height", role: "target" });
  assert.deepEqual(otherAim([label, height, column("width", "feature")]), { name: "width", role: "target" });
  const named = { ...label, guessed: false, why: "header" };
  assert.deepEqual(otherAim([height, sex, named]), { name: "sex", role: "label" });
  assert.equal(otherAim([height, column("width", "feature"), named]), undefined);
  assert.equal(otherAim([id, sex, { ...named, why: "asked" }]), undefined);
  assert.equal(otherAim([id, label]), undefined);
  assert.deepEqual(aimsOf([id, sex, { ...height, role: "target" }]).map(({ name }) => name), ["height"]);
});

test("where each class has a column, these show what stands in them", () => {
  useLanguage("en", {});
  const columns = [column("a", "feature"), column("is_cat", "label"), column("is_dog", "label")];
  const read = { columns, feature_names: ["a"], class_names: ["is_cat", "is_dog"], preview_x: [[0.5], [1]], preview_y: [1, 0], preview_cells: [["0.5", "0", "1"], ["1", "1", "0"]] };
  assert.deepEqual(shownColumns(read).map(({ cells }) => cells), [["0.5", "1"], ["0", "1"], ["1", "0"]]);
});

test("the size of a file is said in the reader's language", () => {
  useLanguage("en", {});
  assert.deepEqual([0, 1, 999, 1000, 1536, 2_000_000].map(fileSize), ["0 bytes", "1 byte", "999 bytes", "1 kB", "1.54 kB", "2000 kB"]);
  useLanguage("ru", {});
  assert.equal(fileSize(1536), "1,54 кБ");
});

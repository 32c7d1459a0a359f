import assert from "node:assert/strict";
import { test } from "node:test";

import { notesOf } from "../../static/js/trace/long-way.js";

/** @param {any[] | undefined} notes @param {string} target */
const subject = (notes, target) => /** @type {any} */ ({ trace: { header: { notes } }, operation: { nodes: [{ output: "dp" }, { output: "dz2" }] }, target });
const DZ = { code: "divided_by_zero", tensor: "dz2", text: "" };
const DW = { code: "follows", tensor: "dW2", text: "" };

test("a card says what the long way cannot show in its own operation", () => {
  assert.deepEqual(notesOf(subject([DZ, DW], "dz2")), [DZ]);
});

test("a card about another tensor says that tensor's own note", () => {
  assert.deepEqual(notesOf(subject([DZ, DW], "dW2")), [DZ, DW]);
});

test("the short way has no notes", () => {
  assert.deepEqual(notesOf(subject(undefined, "dz2")), []);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { notesOf } from "../../static/js/trace/explain/long-way.js";
import { Program } from "../../static/js/trace/program/program.js";

const STEPS = JSON.parse(readFileSync("tests/js/fixtures/steps.json", "utf8"));

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

test("a way is shortened where it leads past the gradient of the answer, also while the long one is open", () => {
  assert.deepEqual(["xor", "long", "line"].map((name) => new Program(STEPS[name].document).isShortened), [true, true, false]);
});

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { test } from "node:test";

const ROOT = new URL("../../static/js/", import.meta.url);
const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));

/** From the bottom to the top; a file imports from its own level and from those below. */
const LEVELS = ["vendor", "core", "api", "tasks.js", "trace", "state.js", "draw", "session", "player", "inspector", "playground.js", "doctor.js", "sharing.js", "labs.js", "lab", "address.js", "presenting.js", "opening.js", "offering.js", "updating.js", "framing", "framing.js", "views", "main.js"];
/** @param {string} file */
const levelOf = (file) => LEVELS.indexOf(file.split("/")[0]);
/** Real imports only: a type in a comment costs nothing. @param {string} file */
const importsOf = (file) =>
  [...readFileSync(new URL(file, ROOT), "utf8").matchAll(/^(?:import|export)[^;]*?from "([^"]+)"|^import "([^"]+)"/gm)].map(
    (match) => match[1] ?? match[2],
  );
/** The same as paths beside this file's own; a library's begins with "../". @param {string} file */
const targetsOf = (file) => importsOf(file).map((specifier) => normalize(join(dirname(file), specifier)));

test("every file has a level", () => {
  assert.deepEqual(files.filter((file) => levelOf(file) < 0), []);
});

test("imports point downward", () => {
  const upward = files.flatMap((file) =>
    targetsOf(file)
      .filter((target) => levelOf(target) > levelOf(file))
      .map((target) => `${file} -> ${target}`),
  );
  assert.deepEqual(upward, []);
});

test("a library is imported in one place", () => {
  const importers = files.flatMap((file) => targetsOf(file).filter((target) => target.startsWith("../")).map((target) => [target.split("/")[2], file]));
  assert.deepEqual(
    [...new Set(importers.map((pair) => pair.join(" <- ")))].sort(),
    ["@preact <- vendor/signals.js", "lit-html <- vendor/lit.js"],
  );
});

test("imports are relative and name the file", () => {
  const others = files.flatMap((file) => importsOf(file).filter((specifier) => !/^\.{1,2}\/.*\.js$/.test(specifier)).map((specifier) => `${file}: ${specifier}`));
  assert.deepEqual(others, []);
});

test("there is one animation loop", () => {
  const loops = files.filter((file) => readFileSync(new URL(file, ROOT), "utf8").includes("requestAnimationFrame("));
  assert.deepEqual(loops, ["player/clock.js"]);
});

test("no view asks for an operation by name", () => {
  const asking = files.filter((file) => /\.op\s*[!=]==?\s*["'`]/.test(readFileSync(new URL(file, ROOT), "utf8")));
  assert.deepEqual(asking, []);
});

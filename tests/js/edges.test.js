import assert from "node:assert/strict";
import { test } from "node:test";
import { amongMany } from "../../static/js/draw/edges.js";

test("among many edges a small gradient is to be seen, as the legend promises, also behind those in play", () => {
  for (const isQuiet of [false, true]) {
    const { width, opacity } = amongMany(1e-6, true, isQuiet);
    assert.ok(width * opacity >= 0.35, `${width} px at ${opacity}`);
  }
  assert.ok(amongMany(0.5, true, false).width > amongMany(1e-6, true, false).width, "size is told by width");
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { number, shown } from "../../static/js/core/format.js";
import { useClassNames, useNotation, written } from "../../static/js/core/notation.js";
import { bind } from "../../static/js/trace/formula/bind.js";
import { equation } from "../../static/js/trace/formula/formula.js";
import { assignments, feeders, indices } from "../../static/js/trace/program/influence.js";
import { curveOf, term } from "../../static/js/trace/formula/cell.js";
import { plain } from "../../static/js/trace/formula/markup.js";
import { Program, SAMPLE_AXIS } from "../../static/js/trace/program/program.js";
import { Trace } from "../../static/js/trace/program/trace.js";
import { valueOf } from "../../static/js/trace/formula/value.js";
import { causeOfZero } from "../../static/js/trace/explain/why-zero.js";

const STEPS = JSON.parse(readFileSync(new URL("fixtures/steps.json", import.meta.url), "utf8"));

/** @param {string} step @param {number | null} sample */
function traceOf(step, sample) {
  const { document, batch, samples } = STEPS[step];
  const m = sample === null ? samples.length : 1;
  return new Trace(new Program(document), /** @type {any} */ ({ m }), Float64Array.from(sample === null ? batch : samples[sample]));
}

/** The equation of one cell as text. @param {Trace} trace @param {string} output @param {number[]} index @param {string[]} [parts] */
function shownEquation(trace, output, index, parts = []) {
  const node = /** @type {any} */ (trace.program.maker.get(output));
  const { left, relation, symbols, numbersText, isExact, result } = equation(trace, node, index, {
    parts: parts.map((name) => /** @type {any} */ (trace.program.maker.get(name))),
  });
  return [`${plain(left)} ${relation} ${symbols.map(plain).join("").trim()}`, `${numbersText} ${isExact ? "=" : "\u2248"} ${plain(result)}`];
}

const close = (/** @type {number} */ a, /** @type {number} */ b) => Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(a), Math.abs(b));

for (const step of Object.keys(STEPS)) {
  for (const sample of [null, 0]) {
    const trace = traceOf(step, sample);
    const scope = sample === null ? "batch" : "sample";

    test(`every formula gives the engine's number in every cell: ${step}, ${scope}`, () => {
      for (const node of trace.program.nodes) {
        const open = new Map(trace.program.nodes.filter((other) => other !== node).map((other) => [other.output, other]));
        for (const index of indices(trace.shape(node.output))) {
          const value = trace.at(node.output, index);
          const at = (/** @type {string} */ tensor, /** @type {number[]} */ place) => trace.at(tensor, place);
          assert.ok(close(valueOf(bind(trace, node, index, new Map()), at), value), `${node.code} at ${index}`);
          assert.ok(close(valueOf(bind(trace, node, index, open), at), value), `${node.code} at ${index}, opened`);
        }
      }
    });

    test(`the terms of every sum add up to the engine's number: ${step}, ${scope}`, () => {
      for (const node of trace.program.nodes) {
        const { cell } = trace.program.primitives[node.op];
        for (const index of indices(trace.shape(node.output))) {
          const all = assignments(trace.program, node, index, trace.m);
          const terms = Array.isArray(cell) && cell[0] === "sum" ? all : all.slice(0, 1);
          assert.ok(close(terms.reduce((sum, assignment) => sum + term(trace, node, assignment), 0), trace.at(node.output, index)), node.code);
        }
      }
    });

    test(`the curve of an activation goes through every value of the step: ${step}, ${scope}`, () => {
      for (let layer = 1; trace.program.hasGate(layer); layer++) {
        const node = /** @type {any} */ (trace.program.maker.get(`a${layer}`));
        const curve = curveOf(trace, node);
        trace.cells(node.inputs[0]).forEach((z, cell) => assert.ok(close(curve(z), trace.cells(node.output)[cell])));
      }
    });

    test(`every primitive prints: ${step}, ${scope}`, () => {
      for (const node of trace.program.nodes) {
        const index = trace.shape(node.output).map((size) => size - 1);
        for (const line of shownEquation(trace, node.output, index)) assert.doesNotMatch(line, /undefined|NaN|\[object/, node.code);
      }
    });
  }
}

test("feeders of z are its row of x, its column of W and its bias", () => {
  const trace = traceOf("xor", 2);
  const fed = (/** @type {string} */ output, /** @type {number[]} */ index) =>
    feeders(trace.program, /** @type {any} */ (trace.program.maker.get(output)), index, trace.m);
  assert.deepEqual(fed("aW1", [0, 1]), [{ tensor: "x", cells: [[0, 0], [0, 1]] }, { tensor: "W1", cells: [[0, 1], [1, 1]] }]);
  assert.deepEqual(fed("z1", [0, 1]), [{ tensor: "aW1", cells: [[0, 1]] }, { tensor: "b1", cells: [[1]] }]);
});

test("a weighted sum stands as one formula with its bias", () => {
  const [symbols, numbers] = shownEquation(traceOf("xor", 2), "z1", [0, 1], ["aW1"]);
  assert.equal(symbols, "z2(1) = \u2211ixi \u00b7 wi,2(1) + b2(1)");
  assert.equal(numbers, "1 \u00b7 0.25 + (\u22121) \u00b7 1.5 \u2212 0.75 = \u22122");
});

test("a gate is the product of what arrives and the slope", () => {
  const [symbols, numbers] = shownEquation(traceOf("xor", 2), "dz1", [0, 1]);
  assert.equal(symbols, "dz2(1) = da2(1) \u00b7 mask2(1)");
  assert.equal(numbers, "0.760 \u00b7 0 = 0");
});

test("textbooks write partial derivatives, the weight first, and the unit before where it comes from", () => {
  useNotation("textbook");
  try {
    const [gate] = shownEquation(traceOf("xor", 2), "dz1", [0, 1]);
    assert.equal(gate, "\u2202L / \u2202z2(1) = \u2202L / \u2202a2(1) \u00b7 \u2202a2(1) / \u2202z2(1)");
    const [symbols, numbers] = shownEquation(traceOf("xor", 2), "z1", [0, 1], ["aW1"]);
    assert.equal(symbols, "z2(1) = \u2211iw2,i(1) \u00b7 xi + b2(1)");
    assert.equal(numbers, "0.25 \u00b7 1 + 1.5 \u00b7 (\u22121) \u2212 0.75 = \u22122");
    assert.equal(written("gradient dW: raising w, dL/dw"), "gradient \u2202L/\u2202W: raising w, \u2202L/\u2202w");
  } finally {
    useNotation("code");
  }
});

test("an output whose class is a number is written by its class, as in the drawing and in the formula of the loss", () => {
  useClassNames(["7", "8", "9"]);
  try {
    const trace = traceOf("deep", 0);
    const left = (/** @type {string} */ output, /** @type {number[]} */ index) => shownEquation(trace, output, index)[0].split(" = ")[0];
    assert.deepEqual([left("p", [0, 1]), left("z3", [0, 1]), left("dz3", [0, 1])], ["p(“8”)", "z^(3)(“8”)", "dz^(3)(“8”)"]);
    assert.deepEqual([left("db3", [2]), left("dW3", [4, 2])], ["db^(3)(“9”)", "dw5,“9”(3)"]);
    assert.equal(left("z1", [0, 1]), "z2(1)", "hidden units keep their numbers");
    useClassNames(["A", "B", "C"]);
    assert.equal(left("p", [0, 1]), "p2");
  } finally {
    useClassNames([]);
  }
});

test("a slope shows its cases, and with numbers the one that applies", () => {
  const [symbols, numbers] = shownEquation(traceOf("xor", 2), "mask1", [0, 1]);
  assert.match(symbols, /1z2\(1\) > 0d0z2\(1\) = 00z2\(1\) < 0$/);
  assert.match(numbers, /^0.*\[\u22122 < 0\] = 0$/);
  const { isResultAlone, reason } = equation(traceOf("xor", 2), /** @type {any} */ (traceOf("xor", 2).program.maker.get("mask1")), [0, 1]);
  assert.deepEqual([isResultAlone, reason && plain(reason)], [true, "[\u22122 < 0]"]);
});

test("an update is an arrow from the old value", () => {
  const [symbols, numbers] = shownEquation(traceOf("xor", 2), "b2_next", [1], ["b2_step"]);
  assert.equal(symbols, "b2(2) \u2190 b2(2) \u2212 \u03b7 \u00b7 db2(2)");
  // 0.5 * 0.608 - 0.25 = 0.054 from the digits on show; the engine's 0.0538 needs more of them.
  assert.equal(numbers, "\u22120.25 \u2212 0.5 \u00b7 (\u22120.608) \u2248 0.0538");
});

/** The same numbers with other units of hidden layer 1. @param {number[]} units */
function withUnits(units) {
  const trace = traceOf("deep", 0);
  const changed = new Trace(trace.program, trace.header, trace.vector.slice());
  changed.cells("a1").set(units);
  return changed;
}

test("a long sum shows its first two terms and its last, unless they add nothing: then the largest", () => {
  const shownOf = (/** @type {number[]} */ units) => {
    const [, numbers] = shownEquation(withUnits(units), "aW2", [0, 0]);
    return (numbers.split(" \u2248 ")[0].split(" = ")[0].match(/\u2026|(?<=^| |\()[\d.]+(?= \u00b7)/g) ?? []).join(" ");
  };
  assert.equal(shownOf([1, 2, 3, 4, 5, 6, 7, 8]), "1 2 \u2026 8");
  assert.equal(shownOf([0, 0, 3, 0, 0, 0, 0, 0]), "0 0 3 \u2026");
  assert.equal(shownOf([0, 0, 0, 0, 5, 0, 0, 0]), "0 0 \u2026 5 \u2026");
  assert.equal(shownOf([0, 0, 0, 40, 0, 60, 0.001, 50]), "\u2026 40 \u2026 60 \u2026 50");
  assert.equal(shownOf([0, 0, 0, 0, 0, 0, 0, 0]), "0 0 \u2026 0");
});

test("a number counts as what a reader sees of it", () => {
  for (const value of [0, 0.6078, -1.0625, 12.345, 1234.5, 1.5e-7, 3.14159e6]) assert.equal(number(shown(value)).replace(/\.?0+$/, ""), number(value).replace(/\.?0+$/, ""));
});

test("two zeros have two reasons", () => {
  const trace = traceOf("xor", 2); // unit 2 is shut for sample 3
  const cause = (/** @type {string} */ output, /** @type {number[]} */ index) =>
    causeOfZero(trace, /** @type {any} */ (trace.program.maker.get(output)), index);
  assert.deepEqual(cause("dW1", [0, 1]), { tensor: "mask1", role: "mask", index: [0, 1] });
  assert.deepEqual(cause("dW2", [1, 0]), { tensor: "a1", role: "a", index: [0, 1] });
  assert.equal(cause("db1", [1])?.role, "mask");
  assert.equal(cause("da1", [0, 1]), null);
});

test("sample axes are left out of the names of units", () => {
  const trace = traceOf("xor", null);
  assert.ok(trace.program.tensor("z1").axes.includes(SAMPLE_AXIS));
  assert.equal(plain(equation(trace, /** @type {any} */ (trace.program.maker.get("db1")), [1]).symbols[0]), "\u2211ndzn,2(1)");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, isNear } from "../../static/js/trace/own/compare.js";
import { canonical } from "../../static/js/trace/own/name.js";
import { networkOf } from "../../static/js/trace/own/network.js";
import { parse } from "../../static/js/trace/own/parse.js";
import { Unusable } from "../../static/js/trace/own/tensor.js";

const KINDS = { hidden: { activation: "relu", numbers: {} }, output: { activation: "softmax", numbers: {} }, loss: "cross_entropy", reduction: "mean" };
const NETWORK = "W1 = [[1, 2, 3], [4, 5, 6]]\nb1 = [0, 0, 0]\nW2 = [[1, 2], [3, 4], [5, 6]]\nb2 = [0, 0]\nx = [1, -1]\ny = 1";

/** @param {string} text */
const read = (text) => parse(text).map(({ name, shape, cells }) => [name, shape, cells.map(({ value }) => value)]);

/** @param {() => unknown} action @returns {[string, Record<string, any>]} */
function refusal(action) {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof Unusable, String(error));
    return [error.key, error.params];
  }
  return assert.fail("nothing was refused");
}

test("the same matrix is read however it is written", () => {
  const wanted = [["W1", [2, 2], [1, -0.5, 0, 2]]];
  for (const text of [
    "W1 = [[1, -0.5], [0, 2]]",
    "W1 = np.array([[1, -0.5],\n               [0, 2]])",
    "W1:\n[[ 1.  -0.5]\n [ 0.   2. ]]",
    "W1 = array([[1., -0.5], [0., 2.]], dtype=float32)",
    '{"W1": [[1, -0.5], [0, 2]]}',
    "w_1 = [1 -0.5; 0 2]",
    "W1 = tensor([[1, −1/2], (0, 2)], requires_grad=True)  # as printed",
  ]) assert.deepEqual(read(text), wanted, text);
});

test("numbers, rows without brackets and many names on few lines", () => {
  assert.deepEqual(read("loss = 6.93e-1; y = 0, 1, 1\nx=[1 0]"), [["loss", [], [0.693]], ["y", [3], [0, 1, 1]], ["x", [2], [1, 0]]]);
  assert.deepEqual(read('{"loss": 0.5, "p": [0.25, 0.75]}'), [["loss", [], [0.5]], ["p", [2], [0.25, 0.75]]]);
  assert.deepEqual(read("z1 = [nan, inf]"), [["z1", [2], [NaN, Infinity]]]);
});

test("a number remembers its digits", () => {
  const [{ cells }] = parse("a1 = [0.50, 2, 1e-3, 1/3]");
  assert.deepEqual(cells.map(({ decimals }) => decimals), [2, 0, 3, 15]);
});

test("names of notebooks and textbooks are understood", () => {
  const names = { "W[1]": "W1", w_2: "W2", B1: "b1", Z1: "z1", delta2: "dz2", "δ1": "dz1", cost: "loss", J: "loss", "ŷ": "p", X: "x", dA1: "da1", grad_W1: "dW1", "W2.grad": "dW2", W: "W1", foo: "foo" };
  for (const [written, name] of Object.entries(names)) assert.equal(canonical(written), name, written);
  assert.deepEqual(read("dL/dW2 = [1]\n∂L/∂b1 = [2]").map(([name]) => name), ["dW2", "db1"]);
});

test("what cannot be read is told with its line", () => {
  assert.deepEqual(refusal(() => parse("W1 = [1, 2]\nb1 = [0, oops]")), ["own.problem.value", { line: 2, found: "oops" }]);
  assert.deepEqual(refusal(() => parse("W1 = [[1, 2], [3]]")), ["own.problem.ragged", { line: 1, name: "W1" }]);
  assert.deepEqual(refusal(() => parse("W1 = [1,\n2")), ["own.problem.end", { line: 2, found: "" }]);
  assert.deepEqual(refusal(() => parse("\n3 = W1")), ["own.problem.name", { line: 2, found: "3" }]);
  assert.deepEqual(refusal(() => parse("W1 = [1 2 ... 3]")), ["own.problem.dots", { line: 1 }]);
  assert.equal(refusal(() => parse("W1 = [1]\nw1 = [2]"))[0], "own.problem.twice");
});

test("the layers follow from the shapes", () => {
  const { model, parameters, batch, isTransposed } = networkOf(parse(NETWORK), KINDS);
  assert.deepEqual([model.inputs, model.hidden.length, model.hidden[0].units, model.output.units, model.bias], [2, 1, 3, 2, true]);
  assert.deepEqual(parameters.W2, [[1, 2], [3, 4], [5, 6]]);
  assert.deepEqual(batch, { x: [[1, -1]], y: [1] });
  assert.equal(isTransposed, false);
});

test("a textbook's network is turned: its columns are samples", () => {
  const { model, parameters, batch, isTransposed } = networkOf(parse("W1 = [1 4; 2 5; 3 6]; W2 = [1 3 5; 2 4 6]; x = [1 0 2; -1 1 3]; y = [0 1 1]"), KINDS);
  assert.ok(isTransposed);
  assert.deepEqual([model.inputs, model.hidden[0].units, model.bias], [2, 3, false]);
  assert.deepEqual(parameters.W1, [[1, 2, 3], [4, 5, 6]]);
  assert.deepEqual(batch.x, [[1, -1], [0, 1], [2, 3]]);
});

test("one unit needs no brackets around its numbers", () => {
  const { parameters, batch } = networkOf(parse("W1 = 2, b1 = 1, W2 = 3, b2 = 0, x = 0.5, y = 1"), { ...KINDS, output: { activation: "identity", numbers: {} }, loss: "half_squared_error" });
  assert.deepEqual([parameters.W1, parameters.W2, batch], [[[2]], [[3]], { x: [[0.5]], y: [[1]] }]);
});

test("what is missing or does not fit is named", () => {
  assert.deepEqual(refusal(() => networkOf(parse("W1 = [[1]]\nx = 1"), KINDS)), ["own.problem.missing", { name: "y" }]);
  assert.deepEqual(refusal(() => networkOf(parse(NETWORK.replace("b2 = [0, 0]\n", "")), KINDS)), ["own.problem.bias", { name: "b2" }]);
  assert.deepEqual(refusal(() => networkOf(parse(NETWORK.replace("b1 = [0, 0, 0]", "b1 = [0, 0]")), KINDS)), ["own.problem.size", { name: "b1", found: "2", wanted: 3 }]);
  assert.deepEqual(refusal(() => networkOf(parse(NETWORK.replace("[5, 6]]", "[5, 6], [7, 8]]")), KINDS)), ["own.problem.chain", { name: "W2", found: "4 × 2", wanted: 3 }]);
});

test("a rounded number is right, a wrong digit is not", () => {
  assert.ok(isNear({ value: 0.33, decimals: 2 }, 1 / 3) && isNear({ value: 0.3, decimals: 1 }, 1 / 3) && isNear({ value: 2, decimals: 0 }, 2));
  assert.ok(!isNear({ value: 0.36, decimals: 2 }, 1 / 3) && !isNear({ value: 1, decimals: 0 }, 1.3) && !isNear({ value: 0.0, decimals: 1 }, 0.33));
});

/** A tiny step: z1 = 2 x, a1 = z1, dz1 = a1 - 1; what is given is taken. @param {any} request */
const step = async ({ batch: { x }, given = {} }) => {
  const z1 = given.z1 ?? x.map((/** @type {number[]} */ row) => row.map((value) => 2 * value));
  const a1 = given.a1 ?? z1;
  const dz1 = given.dz1 ?? a1.map((/** @type {number[]} */ row) => row.map((value) => value - 1));
  const made = Object.entries({ z1, a1, dz1 }).filter(([name]) => !(name in given));
  return { micro: [...made, ["loss", 0.5]].map(([output, value]) => ({ output, value })) };
};
const REQUEST = /** @type {any} */ ({ batch: { x: [[1, 2]], y: [0] } });

test("what only follows from a wrong line is told from what is wrong by itself", async () => {
  const lines = await compare(REQUEST, parse("dz1 = [2, 3]\nz1 = [3, 4]\na1 = [3, 4]"), step);
  assert.deepEqual(lines.map(({ name, verdict }) => [name, verdict]), [["z1", "wrong"], ["a1", "follows"], ["dz1", "follows"]]);
  assert.deepEqual(lines[0].differences, [{ index: [0, 0], own: 3, right: 2 }]);
  const again = await compare(REQUEST, parse("z1 = [3, 4]\na1 = [3, 4]\ndz1 = [7, 7]"), step);
  assert.deepEqual(again.map(({ verdict }) => verdict), ["wrong", "follows", "wrong"]);
});

test("right lines, other shapes and unknown names have words of their own", async () => {
  const lines = await compare(REQUEST, parse("foo = 1\nz1 = [2, 4]\na1 = [1, 2, 3]\nloss = 0.5"), step);
  assert.deepEqual(lines.map(({ name, verdict }) => [name, verdict]), [["z1", "right"], ["a1", "shape"], ["loss", "right"], ["foo", "unknown"]]);
});

/** z1 = x W1, and dW1 = x z1 as an outer product; W1 is square. @param {any} request */
const product = async ({ parameters: { W1, W2 }, batch: { x: [x] }, given = {} }) => {
  const times = (/** @type {number[]} */ row, /** @type {number[][]} */ W) => W[0].map((_, unit) => row.reduce((sum, value, at) => sum + value * W[at][unit], 0));
  const z1 = given.z1 ?? [times(x, W1)];
  const z2 = given.z2 ?? [times(z1[0], W2)];
  const dW1 = x.map((/** @type {number} */ value) => z1[0].map((/** @type {number} */ z) => value * z));
  return { micro: Object.entries({ z1, z2, dW1 }).map(([output, value]) => ({ output, value })) };
};
const SQUARE = /** @type {any} */ ({ parameters: { W1: [[1, 2], [3, 4]], W2: [[1, 1], [0, 2]] }, batch: { x: [[1, 10]], y: [0] } });

test("what a transposed square matrix gives is said to be that, and what comes after it is compared with it", async () => {
  // x W1 = (31, 42); W1 x = (21, 43), then W2 (21, 43) = (64, 86). In that convention dW1 = z1 x.
  const lines = await compare(SQUARE, parse("z1 = [21, 43]\nz2 = [64, 86]\ndW1 = [[21, 210], [43, 430]]"), product);
  assert.deepEqual(lines.map(({ name, verdict, turned }) => [name, verdict, turned.join()]), [["z1", "wrong", "W1"], ["z2", "follows", "W2"], ["dW1", "follows", ""]]);
  const mixed = await compare(SQUARE, parse("z1 = [21, 43]\nz2 = [21, 107]"), product);
  assert.deepEqual(mixed.map(({ verdict, turned }) => [verdict, turned.join()]), [["wrong", "W1"], ["follows", ""]]);
  const [neither] = await compare(SQUARE, parse("z1 = [20, 43]"), product);
  assert.deepEqual([neither.verdict, neither.turned], ["wrong", []]);
});

test("what can be read both ways is read in the notation in force", () => {
  const text = parse("W1 = [1 2; 3 4]; x = [1 10]; y = 0");
  assert.deepEqual(networkOf(text, KINDS, true).parameters.W1, [[1, 3], [2, 4]]);
  assert.deepEqual(networkOf(text, KINDS).parameters.W1, [[1, 2], [3, 4]]);
  assert.equal(networkOf(parse(NETWORK), KINDS, true).isTransposed, false);
});

test("a missing division by the rows and a turned sign are recognised", async () => {
  const request = /** @type {any} */ ({ batch: { x: [[1, 2], [3, 4]], y: [0, 0] } });
  const [times] = await compare(request, parse("dz1 = [[2, 6], [10, 14]]"), step);
  assert.equal(times.hint, "times_m");
  const [sign] = await compare(REQUEST, parse("dz1 = [-1, -3]"), step);
  assert.equal(sign.hint, "sign");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { compare } from "../../static/js/trace/own/compare.js";
import { isNear, meant } from "../../static/js/trace/own/digits.js";
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
const MODEL = { hidden: [], output: { units: 2, activation: "identity" } };
const REQUEST = /** @type {any} */ ({ model: MODEL, batch: { x: [[1, 2]], y: [0] } });

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
const SQUARE = /** @type {any} */ ({ model: { ...MODEL, hidden: [{}] }, parameters: { W1: [[1, 2], [3, 4]], W2: [[1, 1], [0, 2]] }, batch: { x: [[1, 10]], y: [0] } });

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

/** What the last line of a comparison is off by. @param {number[][]} right @param {string} text @param {Record<string, any>} [output] */
async function factorOf(right, text, output = {}) {
  const request = /** @type {any} */ ({ model: { hidden: [], output: { ...MODEL.output, ...output } }, batch: { x: right.map(() => [1]), y: right.map(() => 0) } });
  const [line] = await compare(request, parse(text), async () => ({ micro: [{ output: "dz1", value: right }, { output: "z1", value: right }] }));
  return line.factor && [line.factor.factor, ...line.factor.readings.map(({ name }) => name)];
}

test("a factor is found for every number of rows, with every reading of it", async () => {
  const rows = (/** @type {number} */ m) => Array.from({ length: m }, (_, row) => [0.25 + row, -0.5, 0.125]);
  const times = (/** @type {number} */ m, /** @type {number} */ by) => `dz1 = ${JSON.stringify(rows(m).map((row) => row.map((value) => value * by)))}`;
  const found = (/** @type {number} */ m, /** @type {number} */ by) => factorOf(rows(m), times(m, by), { units: 3 });
  assert.deepEqual(await found(1, 2), [2, "two"]);
  assert.deepEqual(await found(2, 2), [2, "rows_missing", "two"]);
  assert.deepEqual(await found(4, 2), [2, "two"]);
  assert.deepEqual(await found(4, 4), [4, "rows_missing"]);
  assert.deepEqual(await found(3, 3), [3, "rows_missing", "outputs_missing"]);
  assert.deepEqual(await found(1, 1 / 2), [1 / 2, "half"]);
  assert.deepEqual(await found(2, 1 / 2), [1 / 2, "rows_twice", "half"]);
  assert.deepEqual(await found(8, 1 / 8), [1 / 8, "rows_twice"]);
  assert.deepEqual(await found(2, 1 / 3), [1 / 3, "outputs"]);
  assert.deepEqual(await found(1, -1), [-1]);
  assert.deepEqual(await found(5, -1), [-1]);
  assert.deepEqual(await found(2, -2), [-2, "rows_missing", "two"]);
  assert.equal(await found(2, 1.7), null);
});

test("a factor must fit every cell, and what is no gradient has only a sign", async () => {
  assert.equal(await factorOf([[1, 2]], "dz1 = [2, 4.5]"), null);
  assert.equal(await factorOf([[1, 2]], "z1 = [2, 4]"), null);
  assert.deepEqual(await factorOf([[1, 2]], "z1 = [-1, -2]"), [-1]);
});

test("a row of dz behind a softmax that does not sum to 0 is said", async () => {
  const softmax = /** @type {any} */ ({ model: { hidden: [{}], output: { units: 2, activation: "softmax" } }, batch: { x: [[1], [1]], y: [0, 1] } });
  const said = async (/** @type {string} */ text, request = softmax) => {
    const [line] = await compare(request, parse(text), async () => ({ micro: [{ output: "dz2", value: [[-0.25, 0.25], [0.2, -0.2]] }, { output: "dz1", value: [[-0.25, 0.25], [0.2, -0.2]] }] }));
    return line.unbalanced;
  };
  assert.deepEqual(await said("dz2 = [[-0.25, 0.25], [0.2, 0.8]]"), { row: 1, sum: 1 });
  assert.deepEqual(await said("dz2 = [[0.75, 0.25], [0.2, -0.2]]"), { row: 0, sum: 1 });
  assert.equal(await said("dz2 = [[-0.25, 0.25], [-0.3, 0.3]]"), null);
  assert.equal(await said("dz2 = [[-0.333, 0.334], [0.2, -0.2]]"), null);
  assert.equal(await said("dz1 = [[0.75, 0.25], [0.2, -0.2]]"), null);
  assert.equal(await said("dz2 = [[0.75, 0.25], [0.2, -0.2]]", { ...softmax, model: { ...softmax.model, output: { units: 2, activation: "sigmoid" } } }), null);
});

/** z = w x, dz = z - y, dW = x dz. @param {any} request */
const chain = async ({ parameters: { W1 }, batch: { x, y }, given = {} }) => {
  const z1 = given.z1 ?? [[x[0][0] * W1[0][0]]];
  const dz1 = given.dz1 ?? [[z1[0][0] - y[0][0]]];
  const dW1 = given.dW1 ?? [[x[0][0] * dz1[0][0]]];
  assert.ok(!("loss" in given), "the server takes no single numbers");
  return { micro: Object.entries({ z1, loss: dz1[0][0] ** 2 / 2, dz1, dW1 }).map(([output, value]) => ({ output, value })) };
};

/** @param {number} x @param {number} w @param {number} y @param {string} text */
async function chained(x, w, y, text) {
  const request = /** @type {any} */ ({ model: { hidden: [], output: { units: 1, activation: "identity" } }, parameters: { W1: [[w]] }, batch: { x: [[x]], y: [[y]] } });
  return (await compare(request, parse(text), chain)).map(({ verdict, isRounded }) => (isRounded ? "rounded" : verdict));
}

test("a rounded chain is right by its own digits", async () => {
  // dz = 5.0476333 - 5 and dW = 1.8 * 0.0476333 = 0.08574; who goes on with the printed .0474 gets .0853.
  const w = (5 + 0.08574 / 1.8) / 1.8;
  assert.deepEqual(await chained(1.8, w, 5, "dz1 = .0474\ndW1 = .0853"), ["right", "rounded"]);
  assert.deepEqual(await chained(1.8, w, 5, "dW1 = .0853"), ["wrong"]);
  assert.deepEqual(await chained(1.8, w, 5, "dz1 = .0474\ndW1 = .0863"), ["right", "wrong"]);
  // z = 1 / 3 to two digits, less 0.3: 0.03 is far from 0.0333, and so is 300 times that.
  assert.deepEqual(await chained(1, 1 / 3, 0.3, "z1 = 0.33\ndz1 = 0.03"), ["right", "right"]);
  assert.deepEqual(await chained(300, 1 / 900, 0.3, "z1 = 0.333\ndz1 = 0.033\ndW1 = 9.9"), ["right", "right", "rounded"]);
  // A difference of nearly equal numbers keeps few digits.
  assert.deepEqual(await chained(2, 0.617283, 1.2345, "z1 = 1.2346\ndz1 = 0.0001\ndW1 = 0.0002"), ["right", "right", "right"]);
  // 5.05 - 5 is 0.05, and 1.8 times that 0.09. A loss is a single number, which nothing follows from.
  assert.deepEqual(await chained(1.8, w, 5, "z1 = 5.05\nloss = 0.0012\ndz1 = .05\ndW1 = .09"), ["right", "right", "rounded", "rounded"]);
  // What follows from a wrong line by rounded numbers follows.
  assert.deepEqual(await chained(1.8, w, 5, "z1 = 6\ndz1 = 1\ndW1 = 1.8"), ["wrong", "follows", "follows"]);
});

test("digits are the most of all that was written, and whole numbers are exact", () => {
  const decimals = (/** @type {string} */ text) => meant(parse(text)).map(({ cells }) => cells.map((cell) => cell.decimals));
  assert.deepEqual(decimals("z1 = [0.5, 0.1234]\na1 = 0.5"), [[4, 4], [4]]);
  assert.deepEqual(decimals("z1 = [0.5, 0.12]\na1 = 0.5"), [[1, 2], [1]]);
  assert.deepEqual(decimals("z1 = [0.5, 1/3]\na1 = [0, 1]"), [[1, 15], [Infinity, Infinity]]);
  assert.deepEqual(decimals("z1 = [0, 0.125]"), [[3, 3]]);
  const isRight = (/** @type {string} */ text, right = 0) => isNear(meant(parse(text))[0].cells[0], right);
  assert.deepEqual([isRight("dz1 = 0", 1e-4), isRight("dz1 = 0.000", 1e-4), isRight("dz1 = 0", 0)], [false, true, true]);
  assert.deepEqual([isRight("z1 = 2", 2.009), isRight("z1 = 7", 7.001), isRight("z1 = 3", 3 + 1e-15)], [false, false, true]);
  assert.deepEqual([isRight("z1 = 0.1\na1 = 0.1234", 0.13), isRight("z1 = 0.1\na1 = 0.2", 0.13)], [false, true]);
});

test("numbers without brackets are a row, or a row a line", () => {
  const one = (/** @type {string} */ text) => read(text)[0].slice(1);
  assert.deepEqual(one("a1 = 0.75 0 2.5"), [[3], [0.75, 0, 2.5]]);
  assert.deepEqual(one("a1 = 0.75, 0, 2.5"), [[3], [0.75, 0, 2.5]]);
  assert.deepEqual(one("a1: -0.75 −1e-3 +2."), [[3], [-0.75, -0.001, 2]]);
  assert.deepEqual(one("a1 = nan 0 inf"), [[3], [NaN, 0, Infinity]]);
  assert.deepEqual(one("W1 =\n0.5 -1\n1 2"), [[2, 2], [0.5, -1, 1, 2]]);
  assert.deepEqual(one("x = 1, 2,\n 3"), [[3], [1, 2, 3]]);
  assert.deepEqual(one("x = [[1. 2.]\n [3. 4.]]"), [[2, 2], [1, 2, 3, 4]]);
  assert.deepEqual(one("x = array([[1., 2.],\n       [3., 4.]])"), [[2, 2], [1, 2, 3, 4]]);
  assert.deepEqual(read("a1 = 0.75 0 2.5 z2 = -1 2\nloss = 0.5"), [["a1", [3], [0.75, 0, 2.5]], ["z2", [2], [-1, 2]], ["loss", [], [0.5]]]);
  assert.deepEqual(refusal(() => parse("W1 =\n1 2\n3")), ["own.problem.ragged", { line: 1, name: "W1" }]);
});

test("commas are decimal commas only where blanks stand between the numbers", () => {
  const one = (/** @type {string} */ text) => read(text)[0].slice(1);
  assert.deepEqual(one("a1 = 0,75 0 2,5"), [[3], [0.75, 0, 2.5]]);
  assert.deepEqual(one("a1 = [0,75 -1,5]"), [[2], [0.75, -1.5]]);
  assert.deepEqual(one("W1 = [[0,5 -1] [1,25 2]]"), [[2, 2], [0.5, -1, 1.25, 2]]);
  assert.deepEqual(one("y = 0,1,1"), [[3], [0, 1, 1]]);
  assert.deepEqual(one("W1 = [1,2; 3,4]"), [[2, 2], [1, 2, 3, 4]]);
  assert.deepEqual(one("x = [[1,2],[3,4]]"), [[2, 2], [1, 2, 3, 4]]);
  assert.deepEqual(one("x = [1,2 ,3.5 4]"), [[4], [1, 2, 3.5, 4]]);
});

test("two numbers with nothing between them are none", () => {
  for (const [text, found] of [["a1 = 3-2", "3-2"], ["a1 = [1.5.2, 3]", "1.5.2"], ["a1 = 0.5+1", "0.5+1"]]) {
    assert.deepEqual(refusal(() => parse(text)), ["own.problem.value", { line: 1, found }]);
  }
});

test("a list in the place of a number is asked about its commas", async () => {
  const hasCommas = async (/** @type {string} */ text) => (await compare(REQUEST, parse(text), step))[0].hasCommas;
  assert.deepEqual([await hasCommas("loss = 0,5"), await hasCommas("loss = 0.5, 1"), await hasCommas("loss = 1, 2, 3")], [true, false, false]);
});

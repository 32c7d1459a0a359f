import assert from "node:assert/strict";
import { test } from "node:test";
import { openPart } from "../../static/js/draw/unit-picture.js";
import { placeBeside } from "../../static/js/inspector/place.js";
import { rise, zeroLine } from "../../static/js/trace/measure/contour.js";
import { histogramsOf } from "../../static/js/trace/measure/histogram.js";
import { selectedUnit } from "../../static/js/trace/measure/lens.js";
import { adding, nearest, relabelling, removing, rounded, targetOf } from "../../static/js/trace/change/points.js";
import { linesOf, programDiff } from "../../static/js/trace/change/program-diff.js";
import { stacked } from "../../static/js/trace/explain/stack.js";

/** z on a grid over the unit square. @param {(u: number, v: number) => number} z @param {number} points */
const gridOf = (z, points) => Array.from({ length: points }, (_, row) => Array.from({ length: points }, (_, column) => z(column / (points - 1), row / (points - 1))));

test("the zero line of a linear z is exact on a grid of two by two", () => {
  const z = (/** @type {number} */ u, /** @type {number} */ v) => 3 * u - 2 * v - 0.25;
  const [[fromU, fromV, toU, toV]] = zeroLine(gridOf(z, 2));
  assert.ok(Math.abs(z(fromU, fromV)) < 1e-12 && Math.abs(z(toU, toV)) < 1e-12);
  assert.deepEqual(rise(gridOf(z, 2))?.map((part) => Math.sign(part)), [1, -1]);
});

test("the open part of a plane is the polygon on whose fold z is 0 and whose corners are above", () => {
  const z = (/** @type {number} */ u, /** @type {number} */ v) => 3 * u - 2 * v - 0.25;
  const part = openPart([[z(0, 0), z(1, 0)], [z(0, 1), z(1, 1)]]);
  assert.deepEqual(part.filter(([u, v]) => [0, 1].includes(u) && [0, 1].includes(v)), [[1, 0], [1, 1]]);
  const onFold = part.filter(([u, v]) => ![0, 1].includes(u) || ![0, 1].includes(v));
  assert.equal(onFold.length, 2);
  for (const [u, v] of onFold) assert.ok(Math.abs(z(u, v)) < 1e-12);
  assert.deepEqual(openPart([[1, 1], [1, 1]]), [[0, 0], [1, 0], [1, 1], [0, 1]], "everywhere");
  assert.deepEqual(openPart([[-1, 0], [-1, -2]]), [], "nowhere: 0 is not open");
});

test("who acts gets the place beside the drawing", () => {
  const at = (/** @type {object} */ more) => placeBeside(/** @type {any} */ ({ isPlaying: false, isOneStop: false, isTraining: false, focus: null, place: "map", tab: "", ...more }));
  const asked = { focus: { tensor: "z1", index: [0] } };
  assert.equal(at({}), "map");
  assert.equal(at(asked), "why");
  assert.equal(at({ ...asked, isPlaying: true }), "map", "the whole step plays");
  assert.equal(at({ place: "why", isPlaying: true, isOneStop: true }), "why", "a single step leaves a reader alone");
  assert.equal(at({ place: "why", isTraining: true }), "map");
  assert.equal(at({ ...asked, tab: "layers", isTraining: true }), "panel");
});

test("the zero line of a circle goes around it", () => {
  const z = (/** @type {number} */ u, /** @type {number} */ v) => (u - 0.5) ** 2 + (v - 0.5) ** 2 - 0.1;
  const segments = zeroLine(gridOf(z, 41));
  assert.ok(segments.length > 40);
  for (const [u, v] of segments) assert.ok(Math.abs(z(u, v)) < 0.005);
});

test("where z has one sign or is no number, there is no line", () => {
  assert.deepEqual(zeroLine(gridOf(() => -1, 3)), []);
  assert.deepEqual(zeroLine(gridOf(() => 0, 3)), []);
  assert.deepEqual(zeroLine(gridOf((u) => (u > 0.4 ? NaN : -1), 3)), []);
});

test("any number of a hidden unit selects that unit, and a weight or an output none", () => {
  const tensors = [{ name: "z1", role: "z", layer: 1 }, { name: "W1", role: "W", layer: 1 }, { name: "z2", role: "z", layer: 2 }];
  const batch = { program: { depth: 2, byName: new Map(tensors.map((tensor) => [tensor.name, tensor])) } };
  const select = (/** @type {string} */ tensor, /** @type {number[]} */ ...index) => selectedUnit(/** @type {any} */ ({ batch, focus: { tensor, index } }));
  assert.deepEqual(select("z1", 2), { layer: 1, unit: 2 });
  assert.equal(select("W1", 0, 2), null);
  assert.equal(select("z2", 0), null);
});

/** What the server does with the data of a patch. @param {import("../../static/js/trace/change/points.js").Rows} rows @param {any} edit */
function edited(rows, { set = [], remove = [], add = { x: [], y: [] } }) {
  const [x, y] = [[...rows.x], [...rows.y]];
  for (const change of set) {
    x[change.row] = change.x ?? x[change.row];
    y[change.row] = change.y ?? y[change.row];
  }
  const stays = (/** @type {unknown} */ _, /** @type {number} */ row) => !remove.includes(row);
  return { x: [...x.filter(stays), ...add.x], y: [...y.filter(stays), ...add.y] };
}

test("every change of points has an inverse that restores rows and their order", () => {
  const rows = { x: [[0, 0], [1, 2], [3, 4], [5, 6]], y: [0, 1, 0, 2] };
  const changes = [adding(rows, [7, 8], 1), relabelling(rows, 2, 1), ...rows.x.map((_, row) => removing(rows, row))];
  for (const { forward, back } of changes) assert.deepEqual(edited(edited(rows, forward.data), back.data), rows);
});

test("a class is told to the loss as its number, or as one number an output", () => {
  assert.equal(targetOf(1, { targets: "classes", model: { output: { units: 3 } } }), 1);
  assert.equal(targetOf(1, { targets: "probabilities", model: { output: { units: 1 } } }), 1);
  assert.deepEqual(targetOf(2, { targets: "numbers", model: { output: { units: 3 } } }), [0, 0, 1]);
});

test("a click is rounded in the scale of the measurement", () => {
  assert.deepEqual(rounded(0.123456, 2.6, { mean: 0, scale: 1 }), { value: 0.12, raw: 0.12 });
  assert.equal(rounded(0.5, 4, { mean: 100, scale: 50 }).raw, 125);
});

test("a click means the nearest point within reach", () => {
  const places = [{ x: 0, y: 0 }, { x: 10, y: 0 }];
  assert.equal(nearest(places, { x: 6, y: 0 }, 5), 1);
  assert.equal(nearest(places, { x: 5, y: 9 }, 5), null);
});

test("a histogram of z has a border at 0, keeps exact zeros apart and knows what is off", () => {
  const cells = { z1: [-1, -0.5, 0, 0, 2, NaN], mask1: [0, 0, 0, 1, 1, 0] };
  const trace = {
    program: { depth: 2 },
    named: (/** @type {string} */ role, /** @type {number} */ layer) => ({ name: `${role}${layer}` }),
    cells: (/** @type {"z1" | "mask1"} */ name) => cells[name],
  };
  const [{ bins, ...counts }] = histogramsOf(/** @type {any} */ (trace));
  assert.deepEqual(counts, { layer: 1, zeros: 2, zerosOff: 1, lost: 1, total: 6, off: 4 });
  assert.ok(bins.some(({ from }) => from === 0));
  assert.ok(bins.every(({ from, to, count, off }) => off === (to <= 0 ? count : 0)));
  assert.equal(bins.reduce((sum, { count }) => sum + count, 0), 3);
});

test("the samples' gradients stack up to their mean, or to their sum", () => {
  const gradients = [3, -1, 0, 2].map((value, sample) => ({ sample, value }));
  assert.deepEqual(stacked(gradients, true).map(({ from, to }) => [from, to]), [[0, 0.75], [0.75, 0.5], [0.5, 0.5], [0.5, 1]]);
  assert.equal(stacked(gradients, false).at(-1)?.to, 4);
});

/** @param {string[]} lines NumPy lines, each making what stands before its "=" */
const programOf = (...lines) => /** @type {any} */ ({ nodes: lines.map((code) => ({ output: code.split(" = ")[0], code })) });

test("programs are aligned by what their nodes make, and only lines that differ have changed", () => {
  const left = programOf("z = x @ W", "a = relu(z)", "mask = z > 0", "loss = a.sum()");
  const right = programOf("z = x @ W", "a = tanh(z)", "square = a * a", "mask = 1 - square", "loss = a.sum()");
  const pairs = programDiff(left, right).map(({ left: one, right: other, isChanged }) => [one?.output, other?.output, isChanged]);
  assert.deepEqual(pairs, [
    ["z", "z", false],
    ["a", "a", true],
    [undefined, "square", true],
    ["mask", "mask", true],
    ["loss", "loss", false],
  ]);
  assert.ok(programDiff(left, left).every(({ isChanged }) => !isChanged));
});

test("lines that measure accuracy are no lines of a training step", () => {
  const [left, right] = [programOf("z = x @ W", "a = relu(z)", "hits = a > 0"), programOf("z = x @ W", "a = tanh(z)", "hits = a > 0")];
  for (const { nodes } of [left, right]) nodes[2].phase = "measure";
  assert.deepEqual(linesOf(programDiff(left, right)), { changed: 1, total: 2 });
});

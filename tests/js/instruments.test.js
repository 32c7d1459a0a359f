import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf } from "../../static/js/api/experiments.js";
import { movedByKey } from "../../static/js/core/keys.js";
import { barsOf, partOf, scaleOf, stepsOf } from "../../static/js/draw/bars-plot.js";
import { acrossOf, depthPlot, layerAt, nearest, reachOf } from "../../static/js/draw/depth-plot.js";
import { asFraction, isOnCorner, kept, linePlot, REACH, snapped, STEP } from "../../static/js/draw/line-plot.js";
import { powerOfTen, spread, stepOf, ticksOf } from "../../static/js/draw/ticks.js";
import { stageAtFirst } from "../../static/js/lab/beginnings.js";
import { chainOf } from "../../static/js/lab/chain.js";
import { factsOf } from "../../static/js/lab/facts.js";
import { twinOf } from "../../static/js/lab/factors.js";
import { Line } from "../../static/js/lab/line.js";
import { Runs } from "../../static/js/lab/runs.js";
import { isOpen, placeOfStage } from "../../static/js/lab/stage.js";
import { traceRequest } from "../../static/js/trace/change/exchange.js";
import { idle } from "./page.js";
import { stateAt } from "./steps.js";

const ROOM = { width: 600, height: 300, left: 100, right: 50, top: 20, bottom: 40 };

// --- axes -----------------------------------------------------------------------------------------------------------

test("ticks are round, and no more than there is room for", () => {
  assert.deepEqual(ticksOf(-18.9, 0.7, 4, 1), [-15, -10, -5, 0]);
  assert.deepEqual(ticksOf(0, 1.27, 5), [0, 0.5, 1]);
  assert.deepEqual(ticksOf(-0.2, 0.3, 4, 1), [0]);
  assert.equal(stepOf(1000, 5), 200);
  for (const most of [1, 2, 5, 9]) assert.ok(ticksOf(-631, 12, most, 1).length <= most + 1);
});

test("a power of ten is written as it is read", () => {
  assert.deepEqual([0, 1, -4, -159].map(powerOfTen), ["1", "10\u00b9", "10\u207b\u2074", "10\u207b\u00b9\u2075\u2079"]);
});

test("labels that would touch are moved apart, and stay in the picture", () => {
  assert.deepEqual(spread([10, 12, 100], 20, 0, 200), [10, 30, 100]);
  assert.deepEqual(spread([195, 190], 20, 0, 200), [200, 180]);
});

// --- depth ----------------------------------------------------------------------------------------------------------

/** @param {any[]} dz @param {number[]} [theory] @returns {any} */
const curve = (dz, theory) => ({ activation: "relu", initializer: "he", dz: { median: dz, tenth: dz.map((at) => (at === "-Infinity" ? at : at - 1)), ninetieth: dz }, theory });
const DEPTH = { layer: [1, 2, 3], curves: [curve([-6, -3, 0], [-7, -3, 0])] };

test("sizes of gradients lie over their layers, from the loss at the right down to the input", () => {
  const { box, lines, low, high } = depthPlot(DEPTH, 3, ROOM);
  assert.deepEqual(box, { left: 100, right: 550, top: 20, bottom: 260 });
  assert.ok(low < -7 && high > 0);
  const [{ median, band, theory, start }] = lines;
  assert.deepEqual([median[0], median[2], median[4]], [100, 325, 550]);
  assert.ok(median[1] > median[3] && median[3] > median[5] && start === median[1]);
  assert.equal(theory.length, 6);
  // Along the upper edge to the loss, and back along the lower one.
  assert.deepEqual([band[0], band[4], band[6], band[10]], [100, 550, 550, 100]);
  assert.ok(band[11] > band[1]);
});

test("where all units are 0, a line lies at the bottom and its scale does not follow it", () => {
  const plot = depthPlot({ layer: [1, 2, 3], curves: [curve(["-Infinity", -3, 0])] }, 3, ROOM);
  assert.equal(plot.lines[0].median[1], plot.box.bottom);
  assert.ok(plot.low > -5);
});

test("flat lines are not blown up", () => {
  const { low, high } = reachOf([curve([0, 0, 0])]);
  assert.ok(high - low >= 1);
});

test("a layer is found under its pixel", () => {
  const plot = depthPlot(DEPTH, 1000, ROOM);
  for (const layer of [1, 2, 500, 1000]) assert.equal(layerAt(plot, acrossOf(plot.box, 1000)(layer)), layer);
  assert.deepEqual([layerAt(plot, -50), layerAt(plot, 9999)], [1, 1000]);
  assert.equal(nearest([1, 101, 202], 160), 2);
  const ats = plot.columns.map(({ at }) => at);
  assert.deepEqual([ats[0], ats.at(-1)], [1, 1000]);
});

// --- bars -----------------------------------------------------------------------------------------------------------

/** @param {number} count @param {number} of */
const share = (count, of) => ({ count, of, share: count / of, low: count / of / 2, high: Math.min(1, (2 * count + 1) / of) });

test("shares are bars up to all of them, rare ones up to what was counted", () => {
  const dead = barsOf({ name: "born-dead", result: { widths: [{ width: 2, dead: share(880, 1000), bound: 0.9, exact: null }, { width: 10, dead: share(1, 1000), bound: 0.1, exact: null }] } });
  assert.deepEqual(dead.map(({ id, value }) => [id, value]), [["width:2", 0.88], ["width:10", 0.001]]);
  assert.deepEqual([scaleOf(dead, 5).kind, scaleOf(dead, 5).high], ["share", 1]);
  const zeros = barsOf({ name: "exact-zeros", result: { precisions: [{ dtype: "float16", zeros: share(19, 1_000_000), expected: 1.7e-5 }, { dtype: "float32", zeros: share(0, 1_000_000), expected: 2e-9 }] } });
  const scale = scaleOf(zeros, 5);
  assert.equal(scale.kind, "count");
  assert.deepEqual(scale.ticks.map((tick) => Math.round(tick * 1e6)), [0, 10, 20, 30, 40]);
  assert.ok(zeros.every((bar) => partOf(bar.high, scale) < 100) && partOf(zeros[0].value, scale) > 40);
  const solved = barsOf({ name: "derivative-at-zero", result: { variants: [{ derivative_at_zero: 0.5, bias: 0, solved: share(3, 4) }, { derivative_at_zero: 0, bias: 0.01, solved: share(4, 4) }] } });
  assert.deepEqual(solved.map(({ id }) => id), ["slope:0.5", "bias:0.01"]);
});

/** @param {number[]} loss @returns {any} */
const replicas = (loss) => ({ step: [1, 100, 200], loss: { mean: loss, low: loss.map((at) => at - 0.1), high: loss.map((at) => at + 0.1) }, final_loss: [loss[2], loss[2] + 0.05] });

test("losses are bars at the step that is read, with each network at the last one", () => {
  const experiment = { name: "replicas", body: {}, results: { a: replicas([0.7, 0.5, 0.3]), b: replicas([0.7, 0.7, 0.69]) } };
  assert.deepEqual(stepsOf(experiment), [1, 100, 200]);
  assert.deepEqual(barsOf(experiment).map(({ id, value, dots }) => [id, value, dots.length]), [["a", 0.3, 2], ["b", 0.69, 2]]);
  assert.deepEqual(barsOf(experiment, 1).map(({ value, dots }) => [value, dots.length]), [[0.5, 0], [0.7, 0]]);
  assert.equal(scaleOf(barsOf(experiment), 5).kind, "loss");
  assert.equal(partOf(Number.NaN, scaleOf(barsOf(experiment), 5)), 100);
  assert.deepEqual(barsOf(null), []);
});

// --- line -----------------------------------------------------------------------------------------------------------

/** The places of a grid, as a scene brings them. */
const PLACES = Array.from({ length: 2 * REACH / STEP + 1 }, (_, at) => at * STEP - REACH);

/** @param {(x: number) => number} f @param {(x: number) => number} slope */
const gridOf = (f, slope) => ({ x: Float64Array.from(PLACES), a: Float64Array.from(PLACES, f), slope: Float64Array.from(PLACES, slope) });
const RELU = gridOf((x) => Math.max(0, x), (x) => (x > 0 ? 1 : x < 0 ? 0 : 0.5));

test("the grid has every place that a handle can take, exactly", () => {
  for (const x of [-2, 1 / 64, 0, 0.25, 2]) assert.ok(PLACES.includes(x) && snapped(x) === x);
  assert.deepEqual([snapped(0.26), snapped(9), snapped(-1e-9)], [17 * STEP, 2, 0]);
});

test("a ReLU keeps its promise as far as the corner, and on it for neither side with one half", () => {
  assert.equal(kept(RELU, { x0: 1, dx: -1 }).error, 0);
  assert.deepEqual(kept(RELU, { x0: 1, dx: -1.5 }), { height: 1, slope: 1, value: 0, promise: -0.5, error: 0.5 });
  assert.deepEqual([0.5, -0.5].map((dx) => kept(RELU, { x0: 0, dx }).error / Math.abs(dx)), [0.5, 0.5]);
  assert.ok(isOnCorner(RELU, { x0: 0, dx: 1 }) && !isOnCorner(RELU, { x0: STEP * 2, dx: 1 }));
});

test("the line lies where its handles are", () => {
  const plot = linePlot(RELU, ROOM);
  for (const x of [-2, 0, 1.25]) assert.ok(Math.abs(plot.valueAt(plot.x(x)) - x) < 1e-12);
});

test("no promise leaves the picture, wherever its handles are", () => {
  const sigmoid = (/** @type {number} */ x) => 1 / (1 + Math.exp(-x));
  for (const grid of [RELU, gridOf(sigmoid, (x) => sigmoid(x) * (1 - sigmoid(x)))]) {
    const plot = linePlot(grid, ROOM);
    for (let x0 = -REACH; x0 <= REACH; x0 += 0.25) {
      for (const to of [-REACH, REACH]) {
        const y = plot.y(kept(grid, { x0, dx: to - x0 }).promise);
        assert.ok(y >= plot.box.top && y <= plot.box.bottom, `${x0} to ${to}`);
      }
    }
  }
});

test("places next to 0 are read as fractions", () => {
  assert.deepEqual([1, 2, 3, -1].map((steps) => asFraction(steps * STEP)), [[1, 64], [1, 32], [3, 64], [-1, 64]]);
  assert.deepEqual([0, 4 * STEP, 0.5, -2].map(asFraction), [null, null, null, null]);
});

/** @param {any} stage */
function standing(stage) {
  const lab = { now: { stage }, show: (/** @type {object} */ fields) => Object.assign(lab.now.stage, fields) };
  return { stage: lab.now.stage, line: new Line(/** @type {any} */ (lab)) };
}

test("the step keeps its length when x0 moves, and ends at the rim", () => {
  const { stage, line } = standing({ name: "line", x0: 1, dx: -0.5, grid: RELU });
  line.stand(0.25);
  assert.deepEqual([stage.x0, stage.dx, stage.value, stage.promise, stage.error], [0.25, -0.5, 0, -0.25, 0.25]);
  line.step(-9);
  assert.deepEqual([stage.x0, stage.dx], [0.25, -2.25]);
  line.stand(-1.5);
  assert.deepEqual([stage.x0, stage.x0 + stage.dx], [-1.5, -2]);
});

/** As a scene brings it. @param {string} f @param {number | null} slope */
const brought = (f, slope) => ({ f, slope, x: PLACES, a: PLACES.map((x) => Math.max(0, x)), mask: PLACES.map((x) => (x > 0 ? 1 : x < 0 ? 0 : (slope ?? 0.25))) });

test("a scene begins with its function and can show every other one at once", () => {
  const scene = /** @type {any} */ ({ show: { stage: "line", with: { x0: 0, dx: 0.5, f: "relu", slope: 0 } }, grids: [brought("relu", 0), brought("relu", 1), brought("sigmoid", null)] });
  const stage = /** @type {any} */ (stageAtFirst(scene));
  assert.deepEqual([stage.f, stage.slope, stage.promise, stage.error], ["relu", 0, 0, 0.5]);
  const lab = { scene, now: { stage }, show: (/** @type {object} */ fields) => Object.assign(stage, fields) };
  const line = new Line(/** @type {any} */ (lab));
  line.choose({ slope: 1 });
  assert.deepEqual([stage.slope, stage.promise, stage.error], [1, 0.5, 0]);
  // It has no corner: the slope that is chosen for one says nothing.
  line.choose({ f: "sigmoid" });
  assert.deepEqual([stage.f, stage.slope, stage.promise], ["sigmoid", 1, 0.125]);
});

// --- keys -----------------------------------------------------------------------------------------------------------

test("keys move a handle by a step, with Shift by a leap, and to both ends", () => {
  const grip = { value: 1, low: -2, high: 2, step: 1 / 64, leap: 0.25 };
  const to = (/** @type {string} */ key, shiftKey = false) => movedByKey({ key, shiftKey }, grip);
  assert.deepEqual([to("ArrowLeft"), to("ArrowRight", true), to("Home"), to("End"), to("a")], [1 - 1 / 64, 1.25, -2, 2, undefined]);
  assert.equal(movedByKey({ key: "ArrowRight", shiftKey: true }, { ...grip, value: 1.9 }), 2);
});

// --- experiments ----------------------------------------------------------------------------------------------------

/** @param {string[]} chunks */
const stream = (chunks) => new ReadableStream({ start: (to) => (chunks.forEach((chunk) => to.enqueue(new TextEncoder().encode(chunk))), to.close()) });

test("lines are read however they are cut", async () => {
  const lines = [];
  for await (const line of linesOf(stream(['{"a": 1}\n{"b"', ': "\u00e4"}', '\n{"c": 3}']))) lines.push(line);
  assert.deepEqual(lines, [{ a: 1 }, { b: "\u00e4" }, { c: 3 }]);
});

/** A lab whose experiment the test answers. @param {any} run */
function running(run) {
  /** @type {{name: string, body: any, onProgress: (progress: any) => void, stop: AbortSignal, answer: (result: any) => void, fail: (error: any) => void}[]} */
  const asked = [];
  const scene = { show: { stage: "bars" }, run };
  const lab = {
    scene,
    now: /** @type {any} */ ({ stage: stageAtFirst(/** @type {any} */ (scene)), experiment: null }),
    set: (/** @type {object} */ fields) => (lab.now = { ...lab.now, ...fields }),
    show: (/** @type {object} */ fields) => lab.set({ stage: { ...lab.now.stage, ...fields } }),
  };
  const ask = (/** @type {string} */ name, /** @type {any} */ body, /** @type {any} */ onProgress, /** @type {AbortSignal} */ stop) =>
    new Promise((answer, fail) => {
      stop.addEventListener("abort", () => fail(stop.reason));
      asked.push({ name, body, onProgress, stop, answer, fail });
    });
  return { lab, asked, runs: new Runs(/** @type {any} */ (lab), ask) };
}

test("an experiment says how far it is, and its result stands beside what it was asked for", async () => {
  const { lab, asked, runs } = running({ experiment: "depth", body: { layers: 30, width: 64 }, variants: {}, controls: { layers: [30, 1000] } });
  void runs.choose("layers", 1000);
  assert.deepEqual([asked.length, lab.now.stage.choice], [0, { layers: 1000 }]);
  void runs.start();
  asked[0].onProgress({ done: 1, total: 4 });
  assert.equal(lab.now.stage.progress, 0.25);
  asked[0].answer({ layer: [1] });
  await idle();
  assert.deepEqual(lab.now.experiment, { name: "depth", body: { layers: 1000, width: 64 }, result: { layer: [1] } });
  assert.equal(lab.now.stage.progress, null);
  // What is chosen after that is run at once, and what was under way is given up.
  void runs.choose("layers", 30);
  void runs.choose("width", 16);
  assert.deepEqual([asked.length, asked[1].stop.aborted, asked[2].body], [3, true, { layers: 30, width: 16 }]);
});

test("variants are run one after the other, and shown as they come", async () => {
  const { lab, asked, runs } = running({ experiment: "replicas", body: { steps: 200 }, variants: { a: { steps: 200, seed: 1 }, b: { steps: 200, seed: 2 } }, controls: {} });
  void runs.choose("steps", 2000);
  void runs.start();
  assert.deepEqual(asked[0].body, { steps: 2000, seed: 1 });
  asked[0].answer("first");
  await idle();
  assert.deepEqual([lab.now.experiment, lab.now.stage.progress], [{ name: "replicas", body: { steps: 2000 }, results: { a: "first" } }, 0.5]);
  asked[1].answer("second");
  await idle();
  assert.deepEqual(lab.now.experiment.results, { a: "first", b: "second" });
});

test("what was stopped changes nothing any more, and what fails says so and can be run again", async () => {
  const { lab, asked, runs } = running({ experiment: "depth", body: {}, variants: {}, controls: {} });
  void runs.start();
  runs.stop();
  const { now } = lab;
  asked[0].onProgress({ done: 1, total: 2 });
  await idle();
  assert.equal(lab.now, now);
  assert.deepEqual([now.stage.progress, now.stage.problem], [null, null]);
  void runs.start();
  asked[1].fail(new TypeError("Failed to fetch"));
  await idle();
  assert.ok(lab.now.stage.problem && lab.now.stage.progress === null);
  void runs.start();
  assert.equal(lab.now.stage.problem, null);
});

test("an instrument has a place, and waits for the answer of its scene", () => {
  assert.deepEqual(["depth", "factors", "", undefined].map(placeOfStage), ["drawing", "card", null, null]);
  const lab = (/** @type {string} */ beat, /** @type {any} */ ask) => /** @type {any} */ ({ beat, at: 0, lab: { scenes: [{ ask }] } });
  assert.deepEqual([isOpen(lab("ask", {})), isOpen(lab("do", {})), isOpen(lab("ask", null))], [false, true, true]);
});

// --- factors --------------------------------------------------------------------------------------------------------

const CHAIN = () => stateAt("chain", "dW1");
/** @param {string} parameter @param {number} opened */
const chain = (parameter, opened) => chainOf(/** @type {any} */ (CHAIN().samples.get(2)), parameter, opened);
/** @param {import("../../static/js/lab/chain.js").Chain} chain */
const written = ({ factors }) => factors.map(({ kind, layer, value }) => `${kind}${layer} ${value}`);

test("a chip is what a layer does; opened, it is a slope and a weight, down to the input", () => {
  assert.deepEqual(written(chain("W1", 0)), ["error3 1", "closed3 6"]);
  assert.deepEqual(written(chain("W1", 1)), ["error3 1", "slope3 1", "weight3 2", "closed2 3"]);
  assert.deepEqual(written(chain("W1", 3)), ["error3 1", "slope3 1", "weight3 2", "slope2 1", "weight2 1.5", "slope1 1", "input1 2"]);
  assert.deepEqual(written(chain("W3", 9)), ["error3 1", "slope3 1", "input3 1.5"]);
  for (const parameter of ["W1", "W2", "W3"]) {
    for (const opened of [0, 1, 2, 3, Infinity]) {
      const { product, gradient, unopened } = chain(parameter, opened);
      assert.equal(product, gradient, parameter);
      assert.equal(unopened, opened < 4 - Number(parameter[1]) ? 1 : 0);
    }
  }
  assert.deepEqual(chain("W1", 3).factors.map(({ cell }) => cell?.tensor), ["da3", "mask3", "W3", "mask2", "W2", "mask1", "x"]);
});

test("the facts of a chain are read off the step on show", () => {
  const facts = (/** @type {any} */ stage) => factsOf(/** @type {any} */ ({ ...CHAIN(), lab: { stage } }));
  const seven = facts({ name: "factors", gradient: "W1", opened: 2, twin: false });
  assert.deepEqual(["stage.layers", "stage.unopened", "stage.product", "stage.twin"].map(seven), [3, 1, 6, false]);
  assert.equal(facts({ name: "line", x0: 1 })("stage.layers"), undefined);
});

test("the twin has the same weights and rows, and its activation everywhere", () => {
  const state = CHAIN();
  const model = { inputs: 1, bias: false, hidden: [{ units: 1, activation: "relu" }, { units: 1, activation: "relu" }], output: { units: 1, activation: "relu" }, loss: "half_squared_error" };
  const own = traceRequest(/** @type {any} */ ({ ...state, session: { optimizer: {} } }), model);
  const twin = twinOf(own, "sigmoid");
  assert.deepEqual([twin.parameters, twin.batch], [own.parameters, own.batch]);
  assert.deepEqual(twin.model, { ...model, hidden: [{ units: 1, activation: "sigmoid" }, { units: 1, activation: "sigmoid" }], output: { units: 1, activation: "sigmoid" } });
});

import { readFileSync } from "node:fs";
import { Problem } from "../../static/js/api/client.js";
import { emptyHistory } from "../../static/js/state.js";
import { Program } from "../../static/js/trace/program/program.js";

/**
 * A server made by hand: one session that takes steps and versions as the real one does, and an api whose requests can be
 * held, refused on their way, or done with the answer lost. Its numbers are those of a fixture, but for these, so that one
 * sees what a number belongs to: an update adds 1 to every bias b1, z1 of a row is b1 plus 100 times the row, and a map
 * answers the bias of the first unit everywhere.
 */

const { document: PROGRAM, batch, samples } = JSON.parse(readFileSync(new URL("fixtures/steps.json", import.meta.url), "utf8")).xor;

const PARSED = new Program(PROGRAM);

/** The page is offline, or the answer got lost: what fetch throws. */
const cut = () => new TypeError("Failed to fetch");

/** What server/steps/views.py writes. @param {object} header @param {number[]} values */
function viewOf(header, values) {
  let text = JSON.stringify(header);
  text += " ".repeat((8 - ((8 + text.length) % 8)) % 8);
  const buffer = new ArrayBuffer(8 + text.length + 8 * values.length);
  new Uint8Array(buffer).set(new TextEncoder().encode(`BPV1....${text}`));
  new DataView(buffer).setUint32(4, text.length, true);
  new Float64Array(buffer, 8 + text.length).set(values);
  return buffer;
}

/** The plane of a map, as it is said of it. @param {readonly (number | "")[]} map */
const planeOf = ([x_feature, y_feature]) => ({ x_feature, y_feature, resolution: 2, x: [0, 1], y: [0, 1] });

export class FakeServer {
  constructor() {
    this.begin();
    /** What it says of its data. @type {object} */
    this.dataset = {};
    /** Whether it has forgotten its session. */
    this.isGone = false;
    /** Whether it cannot read it any more. */
    this.isDamaged = false;
    /** The fingerprint of the steps' program. */
    this.program = "sha256:p";
    /** How many samples a view holds, beside the one that is asked for. */
    this.room = samples.length;
    /** What arrived at the server, in order. @type {string[]} */
    this.log = [];
    this.isReachable = true;
    /**
     * What happens to the next requests of a name: "refuse" (never arrives), "lose" (done, the answer lost), "time out" (done, too late), "busy" (503),
     * "forget" (the session is gone from then on), "damage" (it cannot be read from then on), "hold" (waits for `release`). @type {Map<string, string[]>}
     */
    this.plans = new Map();
    /** The same for the request of a number, counted from 0. @type {Map<number, string>} */
    this.troubles = new Map();
    this.asked = 0;
    /** @type {(() => void)[]} */
    this.held = [];
  }

  begin() {
    this.version = 1;
    this.step = 0;
    this.furthest = 0;
    this.parameters = { b1: [0, 0, 0] };
    /** b1 after so many steps. */
    this.past = [[0, 0, 0]];
    this.isGone = false;
    this.isDamaged = false;
  }

  /** @param {string} name of a function of the api @param {...string} fates of its next calls */
  plan(name, ...fates) {
    this.plans.set(name, fates);
  }

  release() {
    for (const go of this.held.splice(0)) go();
  }

  update() {
    this.past[this.step] = this.parameters.b1;
    this.parameters.b1 = this.parameters.b1.map((bias) => bias + 1);
    this.furthest = this.step += 1;
  }

  /** Take steps, with edits on the way. @param {import("../../static/js/session/path.js").Path} path */
  walk({ step, edits }) {
    for (const edit of edits) {
      while (this.step < edit.step) this.update();
      Object.assign(this.parameters, edit.patch.parameters);
      this.furthest = this.step;
    }
    while (this.step < step) this.update();
  }

  /** @param {number} step */
  rewind(step) {
    this.past[this.step] = this.parameters.b1;
    this.step = step;
    this.parameters.b1 = this.past[step];
  }

  /** Somebody else takes steps. */
  meddle(steps = 1) {
    for (; steps > 0; steps--, this.version++) this.update();
  }

  get etag() {
    return `"${this.version}"`;
  }

  get session() {
    const { step, parameters } = this;
    return { id: "s", step, version: this.version, furthest_step: this.furthest, batch_rows: samples.length, program: this.program, steps_per_epoch: 1, batch_size: null, parameters, model: {}, optimizer: { learning_rate: 0.1 }, dataset: this.dataset };
  }

  /**
   * @template T
   * @param {string} name @param {() => T} work @returns {Promise<T>}
   */
  async ask(name, work) {
    const fate = this.plans.get(name)?.shift() ?? this.troubles.get(this.asked++);
    if (fate === "hold") await new Promise((go) => this.held.push(() => go(null)));
    if (!this.isReachable || fate === "refuse") throw cut();
    this.log.push(name);
    if (fate === "busy") throw new Problem(503, { code: "busy", detail: "Try again in a moment." });
    if (fate === "forget") this.isGone = true;
    if (fate === "damage") this.isDamaged = true;
    if (name !== "createSession" && name !== "startSession") {
      if (this.isGone) throw new Problem(404, { code: "unknown_session" });
      if (this.isDamaged) throw new Problem(500, { code: "damaged" });
    }
    const answer = structuredClone(work());
    if (fate === "lose") throw cut();
    if (fate === "time out") throw new DOMException("signal timed out", "TimeoutError");
    return answer;
  }

  /** A change, for the version that it was meant for. @param {string | null} ifMatch @param {() => void} work */
  change(ifMatch, work) {
    if (ifMatch !== null && ifMatch !== this.etag) throw new Problem(412, { code: "stale_version" });
    work();
    this.version += 1;
  }

  /** The numbers of the step with these biases. @param {number | null} row @param {number[]} b1 */
  values(row, b1) {
    const values = row === null ? [...batch] : [...samples[row]];
    const offsets = PARSED.layout(row === null ? samples.length : 1).offsets;
    const put = (/** @type {string} */ name, /** @type {number[]} */ cells) => cells.forEach((cell, at) => (values[/** @type {number} */ (offsets.get(name)) + at] = cell));
    put("b1", b1);
    if (row !== null) put("z1", b1.map((bias) => bias + 100 * row));
    else put("b1_next", b1.map((bias) => bias + 1));
    return values;
  }

  /**
   * @param {Pick<import("../../static/js/api/client.js").Wish, "sample" | "historyFrom"> & Partial<Pick<import("../../static/js/api/client.js").Wish, "map" | "step">>} wish
   * @param {boolean} [isWhole] whether it tells all of the session
   * @param {object | null} [training]
   */
  view({ sample, historyFrom, map = null, step: wanted = this.step + 1 }, isWhole = true, training = null) {
    const rows = samples.map((/** @type {unknown} */ _, /** @type {number} */ row) => row).filter((/** @type {number} */ row) => row < this.room || row === sample);
    const { session } = this;
    const { id, step, furthest_step, version } = session;
    let offset = 0;
    /** @type {number[]} */
    const all = [];
    const b1 = (wanted === this.step + 1 ? null : this.past[wanted - 1]) ?? this.parameters.b1;
    const frames = [null, ...rows].map((row) => {
      const values = this.values(row, b1);
      const m = row === null ? samples.length : 1;
      const frame = { scope: { kind: row === null ? "batch" : "sample", sample: row, m }, program: this.program, offset, length: values.length, summary: { loss: 1 / (1 + this.step), m } };
      all.push(...values);
      offset += values.length;
      return frame;
    });
    const steps = Array.from({ length: furthest_step + 1 }, (_, at) => at + 1).filter((at) => at >= historyFrom);
    const history = { from: historyFrom, stride: 1, metrics: Object.fromEntries(Object.keys(emptyHistory()).map((name) => [name, steps])) };
    const told = isWhole ? session : { id, step, furthest_step, version };
    const plane = map && { ...planeOf(map), probabilities: { byte_offset: 8 * offset, shape: [2, 2, 1] }, z: null };
    if (map) all.push(...new Float64Array(new Float32Array(4).fill(b1[0]).buffer));
    return viewOf({ step: wanted, dtype: "float64", session: told, history, gates: { step: wanted, rows: 4, layers: [] }, norms: [], map: plane, frames, left_out: [], training }, all);
  }

  /** What the page asks for. @returns {any} */
  get api() {
    /** @typedef {import("../../static/js/api/client.js").Wish} Wish */
    return {
      getProgram: () => this.ask("getProgram", () => PROGRAM),
      createSession: (/** @type {any} */ { path }, /** @type {Wish} */ wish) =>
        this.ask("createSession", () => {
          this.begin();
          this.walk(path ?? { step: 0, edits: [] });
          return this.view(wish);
        }),
      startSession: () =>
        this.ask("startSession", () => {
          this.begin();
          return this.session;
        }),
      getView: (/** @type {string} */ _, /** @type {Wish} */ wish) => this.ask("getView", () => this.view(wish)),
      takeStep: (/** @type {string} */ _, /** @type {Wish} */ wish, /** @type {string | null} */ ifMatch) =>
        this.ask("takeStep", () => {
          this.change(ifMatch, () => this.update());
          return this.view(wish, false);
        }),
      patchSession: (/** @type {string} */ _, /** @type {any} */ patch, /** @type {Wish} */ wish, /** @type {string | null} */ ifMatch) =>
        this.ask("patchSession", () => {
          this.change(ifMatch, () => {
            const { step } = this;
            this.walk({ step, edits: [{ step, patch }] });
            if (!patch.future) return;
            this.walk(patch.future);
            this.rewind(step);
          });
          return this.view(wish);
        }),
      rewind: (/** @type {string} */ _, /** @type {number} */ step, /** @type {Wish} */ wish, /** @type {string | null} */ ifMatch) =>
        this.ask("rewind", () => {
          this.change(ifMatch, () => this.rewind(step));
          return this.view(wish);
        }),
      // Of no unit.
      getDecisionMap: (/** @type {string} */ _, /** @type {{step?: number}} */ { step }) => this.ask(step ? `getDecisionMap ${step}` : "getDecisionMap", () => ({ units: [] })),
      // A step beside the run: it computes none.
      traceFrame: () => this.ask("traceFrame", () => { throw new Error("There is no such step."); }),
      connect: () => new FakeSocket(this),
    };
  }
}

/** The socket on a session, whose other end is the test. */
export class FakeSocket extends EventTarget {
  /** The newest one. @type {FakeSocket} */
  static last;

  /** @param {FakeServer} server */
  constructor(server) {
    super();
    this.server = server;
    this.readyState = 0;
    /** What the page has said, apart from what it has seen. @type {any[]} */
    this.sent = [];
    /** How many views it has said to have seen. */
    this.seen = 0;
    FakeSocket.last = this;
  }

  /** @param {string} text */
  send(text) {
    const message = JSON.parse(text);
    if (message.type === "seen") this.seen += 1;
    else this.sent.push(message);
  }

  /** The server has let the page in. */
  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  /** @param {object} message of the server */
  say(message) {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }

  /** The server shows where its session is. @param {boolean} [isRunning] whether a training goes on @param {number} [historyFrom] */
  show(isRunning = false, historyFrom = 1) {
    const training = isRunning ? { until: null, steps_per_second: null, is_paused: false } : null;
    this.dispatchEvent(new MessageEvent("message", { data: this.server.view({ sample: 0, historyFrom }, !isRunning, training) }));
  }

  /** The connection ends: closed by the server or cut on its way. */
  close() {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new Event("close"));
  }
}

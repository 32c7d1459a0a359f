import { readFileSync } from "node:fs";
import { Problem } from "../../static/js/api/client.js";
import { Program } from "../../static/js/trace/program.js";

/**
 * A server made by hand: one session that takes steps and versions as the real one does, and an api whose requests can be
 * held, refused on their way, or done with the answer lost. Its numbers are those of a fixture, but for these, so that one
 * sees what a number belongs to: an update adds 1 to every bias b1, and z1 of a row is b1 plus 100 times the row.
 */

const { document: PROGRAM, batch, samples } = JSON.parse(readFileSync(new URL("fixtures/steps.json", import.meta.url), "utf8")).xor;

const PARSED = new Program(PROGRAM);

/** The page is offline, or the answer got lost: what fetch throws. */
const cut = () => new TypeError("Failed to fetch");

/** A frame as server/wire.py writes it. @param {object} header @param {number[]} values */
function frameOf(header, values) {
  let text = JSON.stringify(header);
  text += " ".repeat((8 - ((8 + text.length) % 8)) % 8);
  const buffer = new ArrayBuffer(8 + text.length + 8 * values.length);
  new Uint8Array(buffer).set(new TextEncoder().encode(`BPF1....${text}`));
  new DataView(buffer).setUint32(4, text.length, true);
  new Float64Array(buffer, 8 + text.length).set(values);
  return buffer;
}

export class FakeServer {
  constructor() {
    this.version = 1;
    this.step = 0;
    this.furthest = 0;
    this.parameters = { b1: [0, 0, 0] };
    /** b1 after so many steps. */
    this.past = [[0, 0, 0]];
    /** What arrived at the server, in order. @type {string[]} */
    this.log = [];
    this.isReachable = true;
    /** What happens to the next requests of a name: "refuse" (never arrives), "lose" (done, the answer lost), "hold" (waits for `release`). @type {Map<string, string[]>} */
    this.plans = new Map();
    /** @type {(() => void)[]} */
    this.held = [];
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

  /** Somebody else takes steps. */
  meddle(steps = 1) {
    for (; steps > 0; steps--, this.version++) this.update();
  }

  get etag() {
    return `"${this.version}"`;
  }

  get session() {
    const { step, parameters } = this;
    return { id: "s", step, furthest_step: this.furthest, batch_rows: samples.length, program: "sha256:p", steps_per_epoch: 1, batch_size: null, parameters, model: {}, optimizer: { learning_rate: 0.1 }, dataset: {} };
  }

  /**
   * @template T
   * @param {string} name @param {() => T} work @returns {Promise<T>}
   */
  async ask(name, work) {
    const fate = this.plans.get(name)?.shift();
    if (fate === "hold") await new Promise((go) => this.held.push(() => go(null)));
    if (!this.isReachable || fate === "refuse") throw cut();
    this.log.push(name);
    const answer = structuredClone(work());
    if (fate === "lose") throw cut();
    return answer;
  }

  /** A change, for the version that it was meant for. @param {string | null} ifMatch @param {() => void} work */
  change(ifMatch, work) {
    if (ifMatch !== null && ifMatch !== this.etag) throw new Problem(412, { code: "stale_version" });
    work();
    this.version += 1;
  }

  /** @param {number | null} row */
  frame(row) {
    const values = row === null ? [...batch] : [...samples[row]];
    const m = row === null ? samples.length : 1;
    const offsets = PARSED.offsets(m);
    const put = (/** @type {string} */ name, /** @type {number[]} */ cells) => cells.forEach((cell, at) => (values[/** @type {number} */ (offsets.get(name)) + at] = cell));
    const { b1 } = this.parameters;
    put("b1", b1);
    if (row !== null) put("z1", b1.map((bias) => bias + 100 * row));
    else put("b1_next", b1.map((bias) => bias + 1));
    return frameOf({ program: "sha256:p", step: this.step + 1, m, dtype: "float64", scope: { kind: row === null ? "batch" : "sample", sample: row, m } }, values);
  }

  /** What the page asks for. @returns {any} */
  get api() {
    const answer = () => ({ session: this.session, etag: this.etag });
    return {
      getProgram: async () => PROGRAM,
      createSession: () => this.ask("createSession", answer),
      getSession: () => this.ask("getSession", answer),
      getTraceFrame: (/** @type {string} */ _, /** @type {number | null} */ row) => this.ask(row === null ? "getBatch" : "getSample", () => this.frame(row)),
      getHistory: () => this.ask("getHistory", () => ({ metrics: { step: Array.from({ length: this.furthest + 1 }, (_, at) => at + 1), loss: [], accuracy: [], held_out_loss: [] } })),
      takeStep: (/** @type {string} */ _, /** @type {string | null} */ ifMatch) =>
        this.ask("takeStep", () => {
          this.change(ifMatch, () => this.update());
          return answer();
        }),
      patchSession: (/** @type {string} */ _, /** @type {any} */ patch, /** @type {string | null} */ ifMatch) =>
        this.ask("patchSession", () => {
          this.change(ifMatch, () => Object.assign(this.parameters, patch.parameters));
          this.furthest = this.step;
          return answer();
        }),
      rewind: (/** @type {string} */ _, /** @type {number} */ step, /** @type {string | null} */ ifMatch) =>
        this.ask("rewind", () => {
          this.change(ifMatch, () => {
            this.step = step;
            this.parameters.b1 = this.past[step];
          });
          return answer();
        }),
      streamAddress: () => "ws://fake/stream",
    };
  }
}

/** The socket of a live training, whose other end is the test. */
export class FakeSocket extends EventTarget {
  static OPEN = 1;

  /** The newest one. @type {FakeSocket} */
  static last;

  constructor() {
    super();
    this.readyState = 0;
    /** What the page has said. @type {any[]} */
    this.sent = [];
    FakeSocket.last = this;
  }

  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }

  /** The server has let the page in. */
  open() {
    this.readyState = FakeSocket.OPEN;
    this.dispatchEvent(new Event("open"));
  }

  /** @param {object} message of the server */
  say(message) {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }

  /** The connection ends: closed by the server or cut on its way. */
  close() {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new Event("close"));
  }
}

import * as api from "./api/client.js";
import { sentenceOf } from "./api/problem-text.js";
import { Store } from "./core/store.js";
import { loadLanguage, readingTime, t } from "./core/i18n.js";
import { remember } from "./core/memory.js";
import { useNotation } from "./core/notation.js";
import { Editing, replay, withEdit } from "./editing.js";
import { Clock } from "./motion/clock.js";
import { Predicting } from "./predicting.js";
import { initialState } from "./state.js";
import { Program } from "./trace/program.js";
import { buildTimeline, momentAt, samePlace, stops, unitProgress } from "./trace/timeline.js";
import { Trace } from "./trace/trace.js";
import { Training } from "./training.js";

/** Values appear when their packets have arrived: at this part of an operation's motion. */
export const ARRIVAL = 0.85;

/** Sample views that are fetched with a step; the others when somebody looks at them. */
const MAX_SAMPLES_FETCHED = 16;

/** How long the dot of a gate moves to both sides, and then its packet. */
const WIGGLE_MS = 3200;

/** What a person can do on the page. Holds the store, the clock and the session; knows no element. */
export class Playground {
  constructor() {
    this.store = new Store(initialState());
    this.clock = new Clock((position, isRunning) => this.onTick(position, isRunning));
    /** Called for every frame in which time moves. @type {Set<(timeline: import("./trace/timeline.js").Timeline, ms: number) => void>} */
    this.onFrame = new Set();
    /** @type {Map<string, Promise<Program>>} */
    this.programs = new Map();
    /** @type {string | null} */
    this.etag = null;
    /** @type {{output: string, text: string, scope?: string, wiggle?: boolean}[]} */
    this.captions = [];
    /** The recipe whose numbers the captions speak of. @type {any} */
    this.captioned = null;
    this.editing = new Editing(this);
    this.predicting = new Predicting(this);
    this.training = new Training(this);
    /** The operation at whose end a lesson opens. @type {string | null} */
    this.opensAt = null;
    /** Whether the step on show has been taken. */
    this.isTaken = false;
    /** Whether the step is shown as it was computed, before anybody played it: Play then begins at its beginning. */
    this.isPreview = false;
  }

  get state() {
    return this.store.state;
  }

  // --- opening ------------------------------------------------------------------------------------------------------

  /**
   * Begin anew with a recipe: the body of POST /sessions.
   * @param {any} recipe
   * @param {number} [sample] the row to show first
   * @returns {Promise<boolean>} false when the server refused it; the state is then as before, with `problem` set
   */
  async open(recipe, sample = 0) {
    return this.attempt(async () => {
      const { session, etag } = await api.createSession(recipe);
      await this.enter({ recipe, session, sample }, etag);
    });
  }

  /**
   * Show a session as it stands.
   * @param {Partial<import("./state.js").State>} choice recipe, session and whatever else is not as at a beginning
   * @param {string | null} etag of the session
   */
  async enter(choice, etag) {
    this.training.stop();
    this.etag = etag;
    this.store.set({ edits: [], history: initialState().history, focus: null, hover: null, isGuided: false, caption: null, ...choice });
    this.editing.clear();
    await this.loadStep(this.session.batch_rows);
    this.preview();
    this.store.set({ status: "ready" });
  }

  get isCaptioned() {
    return JSON.stringify(this.state.recipe) === JSON.stringify(this.captioned);
  }

  /** Show the step on show as it was computed, up to its gradients. */
  preview() {
    const backward = this.timeline.operations.filter(({ segment }) => segment === "backward");
    const { start, duration } = backward.find(({ output }) => output === this.opensAt) ?? backward[backward.length - 1];
    this.clock.jumpTo(start + duration);
    this.isPreview = true;
  }

  /**
   * Fetch the step that comes next: its batch view and its sample views.
   * @param {number} [rows] see `fetchStep`
   */
  async loadStep(rows) {
    this.showStep(await this.fetchStep(this.session, rows), {});
  }

  /**
   * The step that comes next, of the batch and of the sample on show.
   * @param {import("./state.js").Session} session
   * @param {number} [rows] that its batch has at least: a sample among them is asked for at the same time
   */
  async fetchStep({ id, program }, rows = 1) {
    const { sample: wanted } = this.state;
    const [batch, early] = await Promise.all([
      api.getTraceFrame(id, null).then((buffer) => this.frame(buffer)),
      wanted < rows ? this.sampleTrace(wanted) : null,
      this.program(program),
    ]);
    const sample = Math.min(wanted, batch.m - 1);
    return { batch, sample, trace: early ?? (await this.sampleTrace(sample)) };
  }

  /**
   * @param {{batch: Trace, sample: number, trace: Trace}} step
   * @param {Partial<import("./state.js").State>} choice what changes with it
   */
  showStep({ batch, sample, trace }, choice) {
    this.isTaken = false;
    const timeline = this.timelineOf(batch, trace);
    // The place in a longer step may not exist in this one.
    const operation = Math.min(this.state.operation, timeline.operations.length - 1);
    this.store.set({ batch, samples: new Map([[sample, trace]]), sample, timeline, operation, live: null, ghost: null, ...choice });
    void this.loadSamples(batch);
  }

  /**
   * The step on show is taken and its frames are gone from the server: look at the next one instead.
   * @param {Partial<import("./state.js").State>} choice
   */
  async showNext(choice) {
    this.store.set({ ...choice, focus: null });
    await this.loadStep();
    this.preview();
  }

  /** @param {Trace} batch */
  async loadSamples(batch) {
    const rows = Array.from({ length: Math.min(batch.m, MAX_SAMPLES_FETCHED) }, (_, row) => row);
    const traces = await Promise.all(
      rows.map(async (row) => this.state.samples.get(row) ?? this.sampleTrace(row)),
    );
    if (this.state.batch !== batch || traces.some((trace) => trace.header.step !== batch.header.step)) return;
    this.store.set({ samples: new Map([...this.state.samples, ...traces.map((trace, row) => /** @type {[number, Trace]} */ ([row, trace]))]) });
  }

  /** The step that comes next, for one row alone. @param {number} row */
  async sampleTrace(row) {
    return this.frame(await api.getTraceFrame(this.session.id, row, this.state.isTheLongWay));
  }

  /** @param {Trace} batch @param {Trace} sample */
  timelineOf(batch, sample) {
    return buildTimeline(batch.program, batch.m, this.state.granularity, (operation) => this.pace(operation), sample.program);
  }

  /** @param {ArrayBuffer} buffer */
  frame(buffer) {
    return Trace.fromFrame(buffer, (fingerprint) => this.program(fingerprint));
  }

  /** @param {string} fingerprint */
  program(fingerprint) {
    let program = this.programs.get(fingerprint);
    if (!program) {
      program = api.getProgram(fingerprint).then((document) => new Program(document));
      this.programs.set(fingerprint, program);
    }
    return program;
  }

  get session() {
    if (!this.state.session) throw new Error("There is no session yet.");
    return this.state.session;
  }

  get timeline() {
    if (!this.state.timeline) throw new Error("There is no step yet.");
    return this.state.timeline;
  }

  // --- looking ------------------------------------------------------------------------------------------------------

  /** @param {number} sample row of the batch, counted from 0 */
  async showSample(sample) {
    await this.attempt(async () => {
      if (!this.state.samples.has(sample) && this.isTaken) return this.showNext({ sample });
      if (!this.state.samples.has(sample)) {
        const trace = await this.sampleTrace(sample);
        this.store.set({ samples: new Map([...this.state.samples, [sample, trace]]) });
      }
      this.store.set({ sample, focus: null });
      this.redraw();
    });
  }

  /**
   * Open how the first gradient comes about, through dL/dp and the Jacobian, or close it again. The numbers are the same.
   * @param {boolean} isTheLongWay
   */
  async goTheLongWay(isTheLongWay) {
    await this.attempt(async () => {
      if (this.isTaken) return this.showNext({ isTheLongWay });
      this.store.set({ isTheLongWay });
      const sample = await this.sampleTrace(this.state.sample);
      this.store.set({ samples: new Map([[this.state.sample, sample]]) });
      this.retime();
      if (this.state.batch) await this.loadSamples(this.state.batch);
    });
  }

  /** @param {import("./state.js").Cell | null} focus */
  explain(focus) {
    this.store.set({ focus });
  }

  /** @param {import("./state.js").Cell | null} hover */
  point(hover) {
    this.store.set({ hover });
  }

  /** @param {"step" | "values" | "gradients"} thumbnails */
  showThumbnails(thumbnails) {
    this.store.set({ thumbnails });
  }

  /** @param {string} tab */
  showTab(tab) {
    this.store.set({ tab });
  }

  /** Try another activation in a hidden layer, seen from one of its units. @param {{layer: number, unit: number} | null} exchange */
  exchange(exchange) {
    this.store.set({ exchange });
  }

  /** Keep the step after so many updates, to compare others with it. @param {number | null} update */
  compareWith(update) {
    this.store.set({ compared: update === null ? null : { session: this.session.id, update } });
  }

  /** On a phone: the whole explanation, or its first lines. @param {boolean} isSheetOpen */
  showSheet(isSheetOpen) {
    document.documentElement.dataset.sheet = isSheetOpen ? "open" : "closed";
    this.store.set({ isSheetOpen });
  }

  /** @param {boolean} isSettingsOpen @param {import("./state.js").State["settingsPart"]} [settingsPart] what to begin at */
  showSettings(isSettingsOpen, settingsPart = null) {
    this.store.set({ isSettingsOpen, settingsPart });
  }

  /** Say everything in another language; nothing else changes. @param {string} language */
  async setLanguage(language) {
    await this.attempt(async () => {
      await loadLanguage(language);
      remember("language", language);
      this.store.set({ language });
      this.retime();
    });
  }

  /** Write gradients and arrays in another way; the numbers stay. @param {import("./core/notation.js").Notation} notation */
  setNotation(notation) {
    useNotation(notation);
    remember("notation", notation);
    this.store.set({ notation });
  }

  /** @param {"light" | "dark" | "projector"} theme */
  setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    this.store.set({ theme });
    this.redraw();
  }

  // --- moving through a step ----------------------------------------------------------------------------------------

  /** Play to the end of the step, or pause. At the end, the next step is loaded and played. */
  async toggle() {
    if (this.state.isTraining) return this.training.pause();
    if (this.clock.isRunning) return this.clock.pause();
    await this.attempt(async () => {
      await this.freshStepAtTheEnd();
      if (this.isPreview) this.clock.jumpTo(0);
      this.isPreview = false;
      if (this.predicting.asks(true)) return;
      this.store.set({ isGuided: !this.state.hasPlayed && !this.state.isPredicting && this.isCaptioned, focus: null });
      this.retime();
      this.clock.runTo(this.predicting.goal);
    });
  }

  /** Watch one more stop of the granularity; a second press completes it at once. */
  async later() {
    this.isPreview = false;
    await this.attempt(async () => {
      if (this.clock.isRunning) return this.clock.jumpTo(this.nextStop());
      await this.freshStepAtTheEnd();
      if (this.predicting.asks()) return;
      this.store.set({ focus: null });
      this.clock.runTo(this.nextStop());
    });
  }

  /** Go one stop back in time: values un-write, nothing travels. */
  earlier() {
    this.isPreview = false;
    this.store.set({ focus: null });
    const before = stops(this.timeline).filter((stop) => stop < this.clock.position - 1);
    this.clock.jumpTo(before.at(-1) ?? 0);
  }

  /** @param {number} ms */
  seek(ms) {
    this.isPreview = false;
    this.store.set({ focus: null });
    this.clock.jumpTo(Math.min(this.timeline.duration, Math.max(0, ms)));
  }

  nextStop() {
    return stops(this.timeline).find((stop) => stop > this.clock.position + 1) ?? this.timeline.duration;
  }

  async freshStepAtTheEnd() {
    if (this.clock.position < this.timeline.duration) return;
    await this.take();
    await this.loadStep();
    this.clock.jumpTo(0);
  }

  /** @param {import("./trace/timeline.js").Granularity} granularity */
  setGranularity(granularity) {
    this.store.set({ granularity });
    this.clock.isRunning = false;
    this.retime();
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.clock.speed = speed;
    this.store.set({ speed });
  }

  /** Build the timeline again for the granularity and captions in force, and stay at the same place. */
  retime() {
    const { batch, samples } = this.state;
    const sample = samples.values().next().value;
    if (!batch || !sample) return;
    const before = this.timeline;
    const timeline = this.timelineOf(batch, sample);
    this.store.set({ timeline });
    this.clock.position = samePlace(before, this.clock.position, timeline);
    this.redraw();
  }

  /**
   * An operation with a caption lasts until that can be read: 1.2 s and 0.25 s a word (in Chinese 0.12 s a character). Moving z takes time of its own.
   * @param {import("./trace/timeline.js").Operation} operation
   */
  pace(operation) {
    const caption = this.captionOf(operation);
    if (!caption) return {};
    return { motion: caption.wiggle ? WIGGLE_MS : undefined, hold: 1200 + readingTime(t(caption.text)) };
  }

  /** @param {import("./trace/timeline.js").Operation} operation */
  captionOf(operation) {
    if (!this.state.isGuided) return undefined;
    return this.captions.find(
      ({ output, scope = operation.segment === "update" ? "batch" : "sample" }) =>
        scope === operation.scope && (output === operation.output || operation.nodes.some((node) => node.output === output)),
    );
  }

  redraw() {
    this.onTick(this.clock.position, this.clock.isRunning);
  }

  /**
   * @param {number} position
   * @param {boolean} isPlaying
   */
  onTick(position, isPlaying) {
    const { timeline } = this.state;
    if (!timeline) return;
    const moment = momentAt(timeline, position);
    const { operation } = moment;
    const arrived = Array.from({ length: operation.units }, (_, unit) => unitProgress(timeline, moment, unit)).filter(
      (progress) => progress >= ARRIVAL,
    ).length;
    const caption = this.captionOf(operation);
    this.store.set({ operation: moment.index, arrived, isPlaying, caption: caption ?? null });
    for (const listener of this.onFrame) listener(timeline, position);
    if (!isPlaying && position >= timeline.duration) void this.finish();
  }

  /** The end of the update: the step is taken on the server, so that the weights are what the picture shows. */
  async finish() {
    await this.attempt(() => this.take());
    if (!this.state.isGuided) return this.store.set({ hasPlayed: true });
    this.store.set({ hasPlayed: true, isGuided: false, caption: null });
    this.retime();
  }

  async take() {
    if (this.isTaken || !this.state.batch) return;
    this.isTaken = true;
    this.editing.clear();
    const { etag } = await api.takeStep(this.session.id, this.etag);
    this.etag = etag;
    const { metrics } = await api.getHistory(this.session.id);
    this.store.set({ session: { ...this.session, step: this.session.step + 1, furthest_step: this.session.step + 1 }, history: metrics });
  }

  // --- changing -----------------------------------------------------------------------------------------------------

  /**
   * Change the session where it is; the step on show is computed anew, and what it was stays as a ghost.
   * @param {any} patch body of PATCH
   * @returns {Promise<boolean>} whether it was done
   */
  async patch(patch) {
    return this.attempt(async () => {
      const { session, etag } = await api.patchSession(this.session.id, patch, this.etag);
      this.etag = etag;
      const { samples, sample, edits } = this.state;
      const wasTaken = this.isTaken;
      const [{ metrics }, step] = await Promise.all([api.getHistory(session.id), this.fetchStep(session, session.batch_rows)]);
      // A change after a rewind cuts the future, and with it the edits that were made there.
      const kept = edits.filter((edit) => edit.step <= session.step);
      this.showStep(step, { session, history: metrics, edits: withEdit(kept, { step: session.step, patch }), ghost: samples.get(sample) ?? null });
      if (wasTaken) this.preview();
      else this.redraw();
    });
  }

  /** Show the session as the server has it now, wherever that is. */
  async showWhereTheSessionIs() {
    const { session, etag } = await api.getSession(this.session.id);
    this.etag = etag;
    const { metrics } = await api.getHistory(session.id);
    this.store.set({ session, history: metrics });
    await this.loadStep(session.batch_rows);
    this.preview();
  }

  // --- problems -----------------------------------------------------------------------------------------------------

  dismissProblem() {
    this.store.set({ problem: null });
  }

  /**
   * Do something that may fail; a failure is said on the page and loses nothing.
   * @param {() => unknown} action
   * @returns {Promise<boolean>} whether it was done
   */
  async attempt(action) {
    try {
      await action();
      return true;
    } catch (error) {
      if (error instanceof api.Problem && error.status === 412) {
        await this.showWhereTheSessionIs();
        this.store.set({ problem: t("problem.stale") });
        return false;
      }
      if (error instanceof api.Problem && error.code === "unknown_session" && this.state.session) return this.computeAnew();
      console.error(error);
      const message = error instanceof api.Problem ? sentenceOf(error) : t("problem.unreachable");
      this.store.set({ problem: message, status: this.state.batch ? this.state.status : "failed" });
      return false;
    }
  }

  /**
   * The session has expired on the server: its recipe, run to the same step, gives the same numbers.
   * @returns {Promise<boolean>} whether it could be done
   */
  async computeAnew() {
    const { recipe } = this.state;
    const { step } = this.session;
    this.store.set({ session: null });
    return this.attempt(async () => {
      const { session } = await api.createSession(recipe);
      await replay(session.id, this.state.edits, step);
      this.store.set({ session });
      await this.showWhereTheSessionIs();
      this.store.set({ problem: t("problem.expired") });
    });
  }
}

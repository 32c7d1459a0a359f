import * as client from "./api/client.js";
import { sentenceOf } from "./api/problem-text.js";
import { Changing } from "./changing.js";
import { Store } from "./core/store.js";
import { loadLanguage, readingTime, t } from "./core/i18n.js";
import { remember } from "./core/memory.js";
import { useNotation } from "./core/notation.js";
import { Editing, movesRows, replay, withEdit } from "./editing.js";
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
  /** @param {typeof client} [api] */
  constructor(api = client) {
    this.api = api;
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
    this.changing = new Changing(this);
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
    return this.move(async () => {
      const { session, etag } = await this.api.createSession(recipe);
      await this.enter({ recipe, session, sample }, etag);
    });
  }

  /**
   * Show a session as it stands.
   * @param {Partial<import("./state.js").State>} choice recipe, session and whatever else is not as at a beginning
   * @param {string | null} etag of the session
   */
  async enter(choice, etag) {
    const session = /** @type {import("./state.js").Session} */ (choice.session);
    const step = await this.fetchStep(session, session.batch_rows, choice);
    this.training.stop();
    this.changing.forget();
    this.etag = etag;
    this.store.set({ edits: [], history: initialState().history, focus: null, hover: null, isGuided: false, caption: null, ...choice });
    this.editing.clear();
    this.showStep(step, { status: "ready" });
    this.preview();
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

  /** Fetch the step that comes next, and show it. @param {Partial<import("./state.js").State>} [choice] what changes with it */
  async loadStep(choice = {}) {
    const step = await this.fetchStep(this.session, 1, choice);
    this.showStep(step, { ...choice, sample: step.sample });
  }

  /**
   * The step that comes next, of the batch and of the sample on show.
   * @param {import("./state.js").Session} session
   * @param {number} rows that its batch has at least: a sample among them is asked for at the same time
   * @param {Partial<import("./state.js").State>} [choice] sample and way, where they are to be others than now
   */
  async fetchStep({ id, program }, rows, choice = {}) {
    const { sample: wanted, isTheLongWay } = { ...this.state, ...choice };
    const traceOf = async (/** @type {number | null} */ row) => this.frame(await this.api.getTraceFrame(id, row, row !== null && isTheLongWay));
    const [batch, early] = await Promise.all([traceOf(null), wanted < rows ? traceOf(wanted) : null, this.program(program)]);
    const sample = Math.min(wanted, batch.m - 1);
    return { batch, sample, trace: early ?? (await traceOf(sample)) };
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
    await this.loadStep({ ...choice, focus: null });
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

  /** The step that comes next, for one row alone. @param {number} row @param {boolean} [isTheLongWay] */
  async sampleTrace(row, isTheLongWay = this.state.isTheLongWay) {
    return this.frame(await this.api.getTraceFrame(this.session.id, row, isTheLongWay));
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
      program = this.api.getProgram(fingerprint).then((document) => new Program(document));
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
    if (this.state.isTraining) return this.store.set({ sample });
    await this.move(async () => {
      const isNew = !this.state.samples.has(sample);
      if (isNew) await this.changing.findOut();
      if (isNew && this.isTaken) return this.showNext({ sample });
      if (isNew) {
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
    await this.move(async () => {
      await this.changing.findOut();
      if (this.isTaken) return this.showNext({ isTheLongWay });
      const sample = await this.sampleTrace(this.state.sample, isTheLongWay);
      this.store.set({ isTheLongWay, samples: new Map([[this.state.sample, sample]]) });
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

  /** Beside the drawing, in the place of the explanation. @param {boolean} isDoctorOpen */
  showDoctor(isDoctorOpen) {
    this.store.set({ isDoctorOpen });
  }

  /** @param {boolean} isSettingsOpen @param {import("./state.js").State["settingsPart"]} [settingsPart] what to begin at */
  showSettings(isSettingsOpen, settingsPart = null) {
    this.store.set({ isSettingsOpen, settingsPart });
  }

  /** Have a table read in the settings. @param {import("./core/brought-file.js").BroughtFile} givenTable */
  openTable(givenTable) {
    this.store.set({ isSettingsOpen: true, settingsPart: null, givenTable });
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
    await this.walk(() => {
      if (this.clock.isRunning) return this.clock.pause();
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
    await this.walk(() => {
      this.isPreview = false;
      if (this.clock.isRunning) return this.clock.jumpTo(this.nextStop());
      if (this.predicting.asks()) return;
      this.store.set({ focus: null });
      this.clock.runTo(this.nextStop());
    });
  }

  /** Go one stop back in time: values un-write, nothing travels. */
  earlier() {
    return this.goTo(() => stops(this.timeline).findLast((stop) => stop < this.clock.position - 1) ?? 0);
  }

  /** @param {number} ms */
  seek(ms) {
    return this.goTo(() => Math.min(this.timeline.duration, Math.max(0, ms)));
  }

  /** @param {() => number} place in ms */
  goTo(place) {
    return this.changing.inTurn(() => {
      if (this.state.isTraining) return;
      this.isPreview = false;
      this.store.set({ focus: null });
      this.clock.jumpTo(place());
    });
  }

  nextStop() {
    return stops(this.timeline).find((stop) => stop > this.clock.position + 1) ?? this.timeline.duration;
  }

  /** Walk on through the step on show, at its end through the next one. @param {() => void} onwards */
  walk(onwards) {
    return this.changing.inTurn(async () => {
      if (this.state.isTraining || !this.state.batch) return;
      const { batch } = this.state;
      if (this.clock.position < this.timeline.duration) {
        // Walking needs no server; where it can be asked, it may know that the session is elsewhere.
        const isFound = this.changing.open && (await this.changing.findOut().then(() => true, () => false));
        if (isFound) this.dismissProblem();
        if (this.state.batch === batch) onwards();
        return;
      }
      await this.attempt(async () => {
        await this.take();
        if (this.state.batch !== batch) return;
        await this.loadStep();
        this.clock.jumpTo(0);
        onwards();
      });
    });
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

  /**
   * @param {number} position
   * @param {boolean} isPlaying
   */
  onTick(position, isPlaying) {
    this.redraw(position, isPlaying);
    if (this.state.timeline && !isPlaying && position >= this.timeline.duration) void this.finish();
  }

  /** Show the position that time has reached. */
  redraw(position = this.clock.position, isPlaying = this.clock.isRunning) {
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
  }

  /** The end of the update: the step is taken on the server, so that the weights are what the picture shows. */
  async finish() {
    const { batch } = this.state;
    if (!this.isTaken) await this.move(() => this.state.batch === batch && this.take());
    if (!this.state.isGuided) return this.store.set({ hasPlayed: true });
    this.store.set({ hasPlayed: true, isGuided: false, caption: null });
    this.retime();
  }

  /** Take the step on show. Until the server has answered it is not taken, and the next press takes it. */
  async take() {
    const { batch, session } = this.state;
    await this.changing.findOut();
    if (this.isTaken || !batch || !session || this.state.batch !== batch) return;
    const step = session.step + 1;
    await this.changing.make({
      send: (etag) => this.api.takeStep(session.id, etag),
      isOurs: (found) => found.step === step,
      show: async ({ etag }) => {
        this.etag = etag;
        this.isTaken = true;
        this.editing.clear();
        this.store.set({ session: { ...this.session, step, furthest_step: step } });
        const { metrics } = await this.api.getHistory(session.id);
        this.store.set({ history: metrics });
      },
    });
  }

  // --- changing -----------------------------------------------------------------------------------------------------

  /**
   * Change the session where it is; the step on show is computed again, and what it was stays as a ghost.
   * @param {any} patch body of PATCH
   * @param {{ghost?: import("./state.js").State["ghost"], onDone?: () => void}} [options] the ghost, where it is not what is on show; called when it was done
   * @returns {Promise<boolean>} whether it was done
   */
  async patch(patch, { ghost = this.state.samples, onDone = () => {} } = {}) {
    return this.attempt(async () => {
      await this.training.end();
      await this.changing.findOut();
      const { id, step } = this.session;
      await this.changing.make({
        send: (etag) => this.api.patchSession(id, patch, etag),
        isOurs: (found) => found.step === step && holds(found, patch),
        show: (answer) => this.showPatched(patch, answer, ghost, onDone),
      });
    });
  }

  /**
   * @param {any} patch
   * @param {import("./changing.js").Answer} answer
   * @param {import("./state.js").State["ghost"]} ghost
   * @param {() => void} onDone
   */
  async showPatched(patch, { session: answered, etag }, ghost, onDone) {
    const session = /** @type {import("./state.js").Session} */ (answered);
    const [{ metrics: history }, step] = await Promise.all([this.api.getHistory(session.id), this.fetchStep(session, session.batch_rows)]);
    this.etag = etag;
    const wasTaken = this.isTaken;
    // A change after a rewind cuts the future, and with it the edits that were made there.
    const kept = this.state.edits.filter((edit) => edit.step <= session.step);
    // The numbers of another step, or of another row, are not what these were.
    const isSameStep = !wasTaken && !movesRows(patch);
    this.showStep(step, { session, history, edits: withEdit(kept, { step: session.step, patch }), ghost: isSameStep ? ghost : null });
    onDone();
    if (wasTaken) this.preview();
    else this.redraw();
  }

  /** Show the session as the server has it now, wherever that is. @param {import("./changing.js").Answer} [answer] where it is known already */
  async showWhereTheSessionIs(answer) {
    const { session, etag } = answer?.session ? { session: answer.session, etag: answer.etag } : await this.api.getSession(this.session.id);
    const [{ metrics: history }, step] = await Promise.all([this.api.getHistory(session.id), this.fetchStep(session, session.batch_rows)]);
    this.etag = etag;
    this.showStep(step, { session, history });
    this.preview();
    this.changing.forget();
  }

  // --- problems -----------------------------------------------------------------------------------------------------

  dismissProblem() {
    this.store.set({ problem: null });
  }

  /**
   * Do what was pressed, when everything that was pressed before is done.
   * @param {() => unknown} action
   * @returns {Promise<boolean>} whether it was done
   */
  move(action) {
    return this.changing.inTurn(() => this.attempt(action));
  }

  /**
   * Do something that may fail; a failure is said on the page and loses nothing. A success ends what was said before.
   * @param {() => unknown} action
   * @returns {Promise<boolean>} whether it was done
   */
  async attempt(action) {
    const { problem } = this.state;
    try {
      await action();
      if (this.state.problem === problem) this.store.set({ problem: null });
      return true;
    } catch (error) {
      const said = await this.recover(error).catch((/** @type {unknown} */ another) => this.sayingOf(another));
      this.store.set({ problem: said, status: this.state.batch ? this.state.status : "failed" });
      return false;
    }
  }

  /** Do what a failure asks for. @param {unknown} error @returns {Promise<string>} what is to be said */
  async recover(error) {
    const { session } = this.state;
    if (!(error instanceof client.Problem) || !session) return this.sayingOf(error);
    if (error.status === 412) {
      await this.showWhereTheSessionIs();
      return t("problem.stale");
    }
    if (error.code !== "unknown_session") return this.sayingOf(error);
    await this.computeAgain(session);
    return t("problem.expired");
  }

  /** @param {unknown} error */
  sayingOf(error) {
    console.error(error);
    return error instanceof client.Problem ? sentenceOf(error) : t("problem.unreachable");
  }

  /** The session has expired on the server: its recipe, run to the same step, gives the same numbers. @param {import("./state.js").Session} expired */
  async computeAgain({ step }) {
    const { recipe, edits } = this.state;
    const { session } = await this.api.createSession(recipe);
    await replay(session.id, edits.filter((edit) => edit.step <= step), step, 0, this.api);
    await this.showWhereTheSessionIs(await this.api.getSession(session.id));
  }
}

/** Whether a session has the numbers that a patch gives it. @param {any} session @param {any} patch */
const holds = ({ parameters, optimizer }, patch) =>
  [[parameters, patch.parameters], [optimizer, patch.optimizer]].every(([all, part]) =>
    Object.entries(part ?? {}).every(([name, value]) => JSON.stringify(all?.[name]) === JSON.stringify(value)));

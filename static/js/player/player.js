import { buildTimeline, momentAt, samePlace, stops, unitProgress } from "../trace/program/timeline.js";
import { Captions, paceOf } from "./captions.js";
import { Clock } from "./clock.js";
import { Opening } from "./opening.js";

/** @typedef {import("../trace/program/timeline.js").Timeline} Timeline */

/** Values appear when their packets have arrived: at this part of an operation's motion. */
export const ARRIVAL = 0.85;

/** Moves through the current step, and at its end on to the next one. */
export class Player {
  /** @param {import("../playground.js").Playground} playground */
  constructor(playground) {
    this.playground = playground;
    this.store = playground.store;
    this.clock = new Clock((position, isRunning) => this.onTick(position, isRunning));
    this.captions = new Captions();
    this.opening = new Opening(this);
    /** Called for every frame in which time moves. @type {Set<(timeline: Timeline, ms: number) => void>} */
    this.onFrame = new Set();
    /** Whether the step is played to its end, and then what has come of it. */
    this.isWhole = false;
    /** The operation at whose end a lesson opens. @type {string | null} */
    this.opensAt = null;
  }

  get state() {
    return this.store.state;
  }

  get timeline() {
    if (!this.state.timeline) throw new Error("There is no step yet.");
    return this.state.timeline;
  }

  /** The current sample. */
  get trace() {
    const { samples, sample } = this.state;
    const trace = samples.get(sample) ?? samples.values().next().value;
    if (!trace) throw new Error("There is no step yet.");
    return trace;
  }

  // --- which step ---------------------------------------------------------------------------------------------------

  /** Show the step that was answered. @param {Partial<import("../state.js").State>} [choice] what changes with it */
  show(choice) {
    this.playground.model.show({ outcome: null, sameBatch: null, ...choice });
    const timeline = this.timelineOfNow();
    // The place in a longer step may not exist in this one.
    this.store.set({ timeline, operation: Math.min(this.state.operation, timeline.operations.length - 1) });
  }

  /** Show the current step as it was computed, up to its gradients. */
  preview() {
    this.opening.stop();
    const backward = this.timeline.operations.filter(({ segment }) => segment === "backward");
    const { start, duration } = backward.find(({ output }) => output === this.opensAt) ?? backward[backward.length - 1];
    this.store.set({ isPreview: true });
    this.clock.jumpTo(start + duration);
    if (this.opening.isDue) this.opening.prepare();
  }

  /** Nothing plays, and nothing is asked: the step stands as it was computed. */
  beStill() {
    this.clock.isRunning = false;
    this.store.set({ isPreview: true, isGuided: false, focus: null, outcome: null, sameBatch: null });
    this.retime();
  }

  /**
   * The current step is taken: look at the next one instead.
   * @param {{sample?: number, isTheLongWay?: boolean}} [choice] what changes with it
   */
  async showNext(choice = {}) {
    await this.playground.model.prepare(choice);
    this.show({ ...choice, focus: null });
    this.preview();
  }

  // --- moving through it --------------------------------------------------------------------------------------------

  /** Play to the end of the step, or pause. At the end, the next step is shown and played. */
  async toggle() {
    const { training, inspector: { predicting } } = this.playground;
    if (this.state.isTraining) return training.pause();
    if (this.clock.isRunning) return this.clock.pause();
    await this.walk(() => {
      if (this.clock.isRunning) return this.clock.pause();
      if (this.state.isPreview) this.clock.jumpTo(0);
      // With questions, every operation plays alone.
      this.store.set({ isPreview: false, outcome: null, sameBatch: null, isOneStop: this.state.isPredicting });
      this.isWhole = true;
      if (predicting.asks(true)) return;
      const { hasPlayed, isPredicting, recipe, lab } = this.state;
      this.store.set({ isGuided: !hasPlayed && !isPredicting && !lab && this.captions.speakOf(recipe), focus: null });
      this.retime();
      this.clock.runTo(predicting.goal);
    });
  }

  /** Watch one more stop of the granularity; a second press completes it at once. While captions guide, the next one comes. */
  async later() {
    await this.walk(() => {
      this.store.set({ isPreview: false, outcome: null, sameBatch: null });
      if (this.clock.isRunning && this.state.isGuided) return this.nextCaption();
      this.isWhole = false;
      this.store.set({ isOneStop: true });
      if (this.clock.isRunning) return this.clock.jumpTo(this.nextStop());
      if (this.playground.inspector.predicting.asks()) return;
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
    return this.playground.changing.inTurn(() => {
      if (this.state.isTraining) return;
      this.isWhole = false;
      this.store.set({ isPreview: false, focus: null, outcome: null, sameBatch: null });
      this.clock.jumpTo(place());
    });
  }

  /** Play on from where the next caption begins; after the last one, from the end of the step. */
  nextCaption() {
    const next = this.timeline.operations.find((operation) => operation.start >= this.clock.position && this.captionOf(operation));
    this.clock.position = next?.start ?? this.timeline.duration;
  }

  nextStop() {
    return stops(this.timeline).find((stop) => stop > this.clock.position + 1) ?? this.timeline.duration;
  }

  /** Walk on through the current step, at its end through the next one. @param {() => void} onwards */
  walk(onwards) {
    const { playground } = this;
    const { changing, model, training } = playground;
    return changing.inTurn(async () => {
      const { isTraining, batch } = this.state;
      if (isTraining || !batch) return;
      if (this.clock.position < this.timeline.duration) {
        // Walking needs no server; where it can be asked, it may know that the session is elsewhere.
        const isFound = changing.open && (await changing.findOut().then(() => true, () => false));
        if (isFound) playground.dismissProblem();
        if (this.state.batch === batch) onwards();
        return;
      }
      await playground.attempt(async () => {
        await training.take();
        if (this.state.batch !== batch) return;
        await model.prepare();
        this.show();
        this.clock.jumpTo(0);
        onwards();
      });
    });
  }

  /** The end of the update: the step is taken on the server, so that the weights are what the picture shows. */
  async finish() {
    const { batch } = this.state;
    const { model, training } = this.playground;
    if (!model.isTaken) await this.playground.move(() => this.state.batch === batch && training.take());
    const { isGuided } = this.state;
    this.store.set({ hasPlayed: true, isGuided: false });
    if (isGuided) this.retime();
    if (this.isWhole && batch) await this.payOff(batch);
  }

  /**
   * Forward with the new weights, as the answer to the step has them: what the loss was before the update, and is after it.
   * Where the next step has other samples, their loss says nothing of this: the same samples are computed again, and the
   * update stays shown.
   * @param {import("../trace/program/trace.js").Trace} batch of the step that was taken
   */
  payOff(batch) {
    const { changing, model } = this.playground;
    return changing.inTurn(async () => {
      const isStillThere = this.state.batch === batch && this.isWhole && !this.state.isTraining && this.clock.position >= this.timeline.duration;
      if (!isStillThere || !model.isTaken) return;
      if (model.session.steps_per_epoch !== 1) return this.payOffOfSameBatch(batch);
      await this.playground.attempt(async () => {
        await model.prepare();
        this.playground.inspector.predicting.goesOn = false;
        this.show();
        this.store.set({ outcome: { before: lossOf(batch), after: lossOf(this.state.batch) }, isOneStop: false });
        this.clock.jumpTo(0);
        this.clock.runTo(this.timeline.segments.find(({ name }) => name === "loss")?.end ?? 0);
      });
    });
  }

  /** @param {import("../trace/program/trace.js").Trace} batch */
  async payOffOfSameBatch(batch) {
    const { api, model } = this.playground;
    const { sameBatchRequest } = await import("../trace/change/same-batch.js");
    const request = sameBatchRequest(batch, model.session.model);
    // It only adds to what is shown: where it cannot be had, nothing is missing.
    const after = request && (await api.traceFrame(request).then((buffer) => model.frame(buffer)).catch(() => null));
    if (after && this.state.batch === batch && this.isWhole && this.clock.position >= this.timeline.duration) {
      this.store.set({ sameBatch: { before: lossOf(batch), after: lossOf(after) } });
    }
  }

  // --- how it moves -------------------------------------------------------------------------------------------------

  /** @param {import("../trace/program/timeline.js").Granularity} granularity */
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

  timelineOfNow() {
    const { batch, granularity, isGuided } = this.state;
    if (!batch) throw new Error("There is no step yet.");
    if (isGuided) this.captions.prepare(batch, this.trace);
    const pace = isGuided ? (/** @type {import("../trace/program/timeline.js").Operation} */ operation) => paceOf(this.captions.of(operation)) : undefined;
    return buildTimeline(batch.program, batch.m, granularity, pace, this.trace.program);
  }

  /** @param {import("../trace/program/timeline.js").Operation} operation */
  captionOf(operation) {
    return this.state.isGuided ? this.captions.of(operation) : undefined;
  }

  /** Build the timeline again for the granularity and captions in force, and stay at the same place. */
  retime() {
    if (!this.state.timeline) return;
    const before = this.timeline;
    const timeline = this.timelineOfNow();
    this.store.set({ timeline });
    this.clock.position = samePlace(before, this.clock.position, timeline);
    this.redraw();
  }

  /** @param {number} position @param {boolean} isPlaying */
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
    const progress = Array.from({ length: operation.units }, (_, unit) => unitProgress(timeline, moment, unit));
    const arrived = progress.filter((part) => part >= ARRIVAL).length;
    const caption = this.state.isOpening ? this.opening.line : this.captionOf(operation);
    this.store.set({ operation: moment.index, arrived, isPlaying, caption: caption ?? null });
    for (const listener of this.onFrame) listener(timeline, position);
  }
}

/** The mean of the batch's losses, or their sum. @param {import("../trace/program/trace.js").Trace | null} batch */
const lossOf = (batch) => Number(batch?.header.loss);

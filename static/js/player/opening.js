import { linesOf, openingOf } from "../trace/explain/opening.js";
import { samePlace } from "../trace/program/timeline.js";
import { Clock } from "./clock.js";

/** Plays one wave of gradient through the current step, then leaves the step as it stands before anybody plays it. */
export class Opening {
  /** @param {import("./player.js").Player} player */
  constructor(player) {
    this.player = player;
    this.clock = new Clock((ms, isRunning) => this.onTick(ms, isRunning));
    /** Whether the step that is shown next is to be shown by it. */
    this.isDue = false;
    /** @type {import("../trace/program/timeline.js").Timeline | null} */
    this.timeline = null;
    /** @type {import("../trace/explain/opening.js").Line[]} */
    this.lines = [];
    /** What is said now. @type {import("../trace/explain/opening.js").Line | undefined} */
    this.line = undefined;
  }

  play() {
    this.prepare();
    this.run();
  }

  /** Be at its first frame. */
  prepare() {
    const { player } = this;
    const { batch, timeline, isTraining } = player.state;
    this.isDue = false;
    if (!batch || !timeline || isTraining) return;
    player.playground.inspector.predicting.drop();
    player.beStill();
    this.timeline = openingOf(timeline, batch.program);
    this.lines = linesOf(player.trace);
    player.store.set({ isOpening: true });
    this.clock.position = 0;
    this.show(0);
  }

  run() {
    if (this.player.state.isOpening && this.timeline) this.clock.runTo(this.timeline.duration);
  }

  /** Be at its last frame. */
  end() {
    if (this.player.state.isOpening && this.timeline) this.clock.jumpTo(this.timeline.duration);
  }

  /** Something else is shown. */
  stop() {
    this.clock.isRunning = false;
    this.player.store.set({ isOpening: false });
  }

  /** @param {number} ms @param {boolean} isRunning */
  onTick(ms, isRunning) {
    const { isPreview, isTraining } = this.player.state;
    if (!isPreview || isTraining) return this.stop();
    this.show(ms);
    if (!isRunning) this.player.store.set({ isOpening: false });
  }

  /** @param {number} ms of the opening */
  show(ms) {
    const { player, timeline } = this;
    if (!timeline) return;
    this.line = this.lines.find(({ from, to }) => from <= ms && ms < to);
    // In its first frame all that stands is there.
    player.clock.jumpTo(samePlace(timeline, Math.max(1, ms), player.timeline));
  }
}

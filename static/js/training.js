import * as api from "./api/client.js";
import { TrainingStream } from "./api/stream.js";

/** @typedef {import("./state.js").Metrics} Metrics */

/** Takes many steps with live frames, and travels over those that were taken. */
export class Training {
  /** @param {import("./playground.js").Playground} playground */
  constructor(playground) {
    this.playground = playground;
    /** @type {TrainingStream | null} */
    this.stream = null;
  }

  /** @param {number} steps */
  start(steps) {
    const { clock, editing, session, store } = this.playground;
    clock.pause();
    this.forgetTheFuture();
    editing.clear();
    store.set({ isTraining: true, problem: null });
    this.stream = new TrainingStream(session.id, {
      onFrame: async (buffer) => {
        const live = await this.playground.frame(buffer);
        if (store.state.isTraining) store.set({ live });
      },
      onMetrics: (metrics) => this.add(metrics),
      onEnd: (problem) => void this.ended(problem),
    });
    this.stream.train(steps);
  }

  /** Stop after the step in hand; the session stays where it is. */
  pause() {
    this.stream?.stop();
  }

  /** Leave the session to itself: another one comes. */
  stop() {
    this.stream?.close();
    this.stream = null;
    this.playground.store.set({ isTraining: false, live: null });
  }

  /** @param {string | null} problem */
  async ended(problem) {
    const { playground } = this;
    this.stream = null;
    await playground.attempt(async () => playground.showWhereTheSessionIs());
    playground.store.set({ isTraining: false, problem });
  }

  /**
   * Go back (or forward again) to the state after k steps.
   * @param {number} step
   */
  async rewindTo(step) {
    const { playground } = this;
    await playground.attempt(async () => {
      playground.editing.clear();
      const { etag } = await api.rewind(playground.session.id, step, playground.etag);
      playground.etag = etag;
      await playground.showWhereTheSessionIs();
    });
  }

  /** After a rewind, training writes over what came later. */
  forgetTheFuture() {
    const { session, state, store } = this.playground;
    const kept = state.history.step.filter((step) => step <= session.step + 1).length;
    const columns = Object.entries(state.history).map(([name, column]) => [name, column.slice(0, kept)]);
    store.set({ history: /** @type {Metrics} */ (Object.fromEntries(columns)) });
  }

  /** @param {Metrics} metrics of steps, some of which may be known */
  add(metrics) {
    const { state, store } = this.playground;
    const last = state.history.step.at(-1) ?? 0;
    const fresh = metrics.step.flatMap((step, place) => (step > last ? [place] : []));
    const columns = Object.entries(state.history).map(([name, column]) => {
      const more = metrics[/** @type {keyof Metrics} */ (name)];
      return [name, [...column, ...fresh.map((place) => more?.[place] ?? null)]];
    });
    store.set({ history: /** @type {Metrics} */ (Object.fromEntries(columns)) });
  }
}

import { TrainingStream } from "../api/stream.js";

/** @typedef {import("../state.js").Metrics} Metrics */

/** Takes one step, or many with live frames, and travels over those that were taken. */
export class Training {
  /** @param {import("../playground.js").Playground} playground */
  constructor(playground) {
    this.playground = playground;
    /** @type {TrainingStream | null} */
    this.stream = null;
    /** Settled when no training runs and where it has led is on show. @type {Promise<unknown>} */
    this.over = Promise.resolve();
  }

  /** Take the step on show. Until the server has answered it is not taken, and the next press takes it. */
  async take() {
    const { api, model, changing, editing, state } = this.playground;
    const { batch } = state;
    await changing.findOut();
    if (model.isTaken || !batch || this.playground.state.batch !== batch) return;
    const { id, step } = model.session;
    await changing.make({
      send: (wish, etag) => api.takeStep(id, wish, etag),
      isOurs: (found) => found.step === step + 1,
      show: () => editing.clear(),
    });
  }

  /** @param {number} steps */
  start(steps) {
    const { playground } = this;
    return playground.move(async () => {
      if (playground.state.isTraining) return;
      await playground.changing.findOut();
      playground.player.clock.pause();
      playground.changing.begin(() => playground.arrive());
      playground.store.set({ isTraining: true });
      this.over = new Promise((over) => this.run(steps, over));
    });
  }

  /** @param {number} steps @param {(ended: Promise<void>) => void} over */
  run(steps, over) {
    const { api, model, store } = this.playground;
    let hasBegun = false;
    this.stream = new TrainingStream(api.streamAddress(model.session.id), {
      onFrame: async (buffer) => {
        const live = await model.frame(buffer);
        if (store.state.isTraining) store.set({ live });
      },
      onMetrics: (metrics) => {
        if (!hasBegun) this.forgetTheFuture();
        hasBegun = true;
        this.add(metrics);
      },
      onEnd: (problem) => over(this.ended(problem)),
    });
    this.stream.train(steps);
  }

  /** Stop after the step in hand; the session stays where it is. */
  pause() {
    this.stream?.stop();
  }

  /** Stop, and know where the session is. */
  async end() {
    this.pause();
    await this.over;
  }

  /** Leave the session to itself: another one comes. */
  stop() {
    this.stream?.close();
    this.stream = null;
    this.over = Promise.resolve();
    this.playground.store.set({ isTraining: false, live: null });
  }

  /** @param {string | null} problem that ended it before its time */
  async ended(problem) {
    const { playground } = this;
    const { store } = playground;
    this.stream = null;
    const isKnown = await playground.attempt(() => playground.changing.findOut());
    store.set({ isTraining: false, live: null });
    if (isKnown && problem) store.set({ problem });
  }

  /**
   * Go back (or forward again) to the state after k steps.
   * @param {number} step
   */
  rewindTo(step) {
    const { playground } = this;
    return playground.move(async () => {
      await this.end();
      await playground.changing.findOut();
      const { id } = playground.model.session;
      await playground.changing.make({
        send: (wish, etag) => playground.api.rewind(id, step, wish, etag),
        isOurs: (found) => found.step === step,
        show: () => {
          playground.arrive();
          playground.editing.clear();
        },
      });
    });
  }

  /** After a rewind, training writes over what came later. */
  forgetTheFuture() {
    const { editing, model, state, store } = this.playground;
    editing.clear();
    const kept = state.history.step.filter((step) => step <= model.session.step + 1).length;
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

import * as api from "../api/client.js";

/**
 * How often the gates are open on all rows to train on, where a batch is only a part of them; fetched for the step on
 * show, and not while a training runs.
 *
 * @typedef {{layer: number, share_on: number[], is_dead: boolean[]}} LayerGates
 */
export class AllRows {
  /** @param {import("../playground.js").Playground} playground @param {() => void} onNews */
  constructor(playground, onNews) {
    this.playground = playground;
    this.onNews = onNews;
    this.askedFor = "";
    /** @type {{step: number, rows: number, layers: LayerGates[]} | null} */
    this.answer = null;
  }

  /** What is known about the step on show. */
  get layers() {
    const { batch, live } = this.playground.state;
    return !live && batch && this.answer?.step === batch.header.step ? this.answer.layers : [];
  }

  /** Which units are off for every row to train on: layer -> units. @returns {Map<number, boolean[]>} */
  get dead() {
    return new Map(this.layers.map(({ layer, is_dead }) => [layer, is_dead]));
  }

  /** Ask if it is not known yet. A batch of all rows needs no question. */
  async ask() {
    const { session, batch, live, edits } = this.playground.state;
    if (!session || !batch || live || session.steps_per_epoch === 1) return;
    const key = [session.id, batch.header.step, edits.length].join();
    if (key === this.askedFor || batch.header.step !== session.step + 1) return;
    this.askedFor = key;
    try {
      const answer = await api.getGates(session.id);
      if (this.askedFor !== key) return;
      this.answer = answer;
      this.onNews();
    } catch {
      // Too many rows, or the session is gone: then only the batch is known.
      this.answer = null;
    }
  }
}

import { runExperiment } from "../api/experiments.js";
import { sayingOf } from "../api/problem-text.js";

/**
 * The experiment of a scene. What was chosen and how far it is stands in the state's `lab.stage`, what came out in `lab.experiment`.
 *
 * @typedef {import("./lab.js").Lab} Lab
 * @typedef {NonNullable<import("../state.js").LabScene["run"]>} Run
 */

export class Runs {
  /** @param {Pick<Lab, "now" | "scene" | "show" | "set">} lab @param {typeof runExperiment} [run] */
  constructor(lab, run = runExperiment) {
    this.lab = lab;
    this.run = run;
    /** Of the run under way. @type {AbortController | null} */
    this.stopping = null;
  }

  /** Give a field of the experiment one of the values that the scene offers. Once there are results, they follow. @param {string} field @param {unknown} value */
  choose(field, value) {
    const { stage, experiment } = this.lab.now;
    this.lab.show({ choice: { ...stage.choice, [field]: value } });
    return experiment || this.stopping ? this.start() : Promise.resolve();
  }

  async start() {
    const { scene } = this.lab;
    if (!scene?.run) return;
    this.stop();
    const stopping = (this.stopping = new AbortController());
    const isCurrent = () => this.stopping === stopping;
    const { choice } = this.lab.now.stage;
    this.lab.show({ progress: 0, problem: null });
    try {
      await this.runAll(scene.run, choice, stopping.signal, (fields) => isCurrent() && this.lab.set(fields));
      if (isCurrent()) this.end({});
    } catch (error) {
      if (!isCurrent()) return;
      const problem = await sayingOf(error);
      if (isCurrent()) this.end({ problem });
    }
  }

  /**
   * One run, or one after the other where there are variants: what is there already is shown.
   * @param {Run} run @param {Record<string, unknown>} choice @param {AbortSignal} stop
   * @param {(fields: Partial<import("../state.js").LabState>) => void} set
   */
  async runAll({ experiment: name, body, variants }, choice, stop, set) {
    const ids = Object.keys(variants);
    const chosen = { ...body, ...choice };
    const advance = (/** @type {number} */ share) => set({ stage: { ...this.lab.now.stage, progress: share } });
    if (ids.length === 0) {
      const result = await this.run(name, chosen, ({ done, total }) => advance(done / total), stop);
      return set({ experiment: { name, body: chosen, result } });
    }
    /** @type {Record<string, unknown>} */
    let results = {};
    for (const [at, id] of ids.entries()) {
      const result = await this.run(name, { ...variants[id], ...choice }, ({ done, total }) => advance((at + done / total) / ids.length), stop);
      results = { ...results, [id]: result };
      set({ experiment: { name, body: chosen, results } });
      advance((at + 1) / ids.length);
    }
  }

  /** Give up the run under way, if there is one. */
  stop() {
    if (!this.stopping) return;
    this.stopping.abort();
    this.end({});
  }

  /** @param {Record<string, unknown>} said */
  end(said) {
    this.stopping = null;
    this.lab.show({ progress: null, ...said });
  }
}

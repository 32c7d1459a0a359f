import * as api from "../../api/client.js";
import { Task } from "../../tasks.js";

/** @typedef {{train: number, held_out: number}} Cut into how many rows to train on and rows held out a data set is cut */

/** Knows into how many rows the server would cut the data set of a draft. */
export class KnownCut {
  /** @param {() => void} onNews @param {(path: string) => Promise<Cut>} [ask] */
  constructor(onNews, ask = api.getCut) {
    this.ask = ask;
    /** @type {Task<Cut | null>} */
    this.finding = new Task(onNews);
  }

  /**
   * The cut of this draft's data, or null until the server has answered.
   * @param {import("./draft.js").Draft} draft
   * @param {import("./draft.js").DatasetInfo | undefined} info
   */
  of({ dataset, options: { scaling: _, ...options } }, info) {
    const typed = Object.values(options).every((value) => !Number.isNaN(value));
    if (!info?.held_out || !typed) return null;
    const asked = `${dataset}/cut?${new URLSearchParams(/** @type {Record<string, string>} */ (options))}`;
    // A number out of its limits is said to be so when the settings are used.
    void this.finding.ask(asked, () => this.ask(asked).catch(() => null));
    return this.finding.answerTo(asked);
  }
}

import * as api from "../../api/client.js";

/** @typedef {{train: number, held_out: number}} Cut into how many rows to train on and rows held out a data set is cut */

/** Knows into how many rows the server would cut the data set of a draft. */
export class KnownCut {
  /** What is known, by what was asked. @type {{asked: string, cut: Cut | null}} */
  known = { asked: "", cut: null };

  /** @param {() => void} onNews @param {(path: string) => Promise<Cut>} [ask] */
  constructor(onNews, ask = api.getCut) {
    this.onNews = onNews;
    this.ask = ask;
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
    if (asked !== this.known.asked) void this.find(asked);
    return this.known.cut;
  }

  /** @param {string} asked */
  async find(asked) {
    this.known = { asked, cut: null };
    // A number out of its limits is said to be so when the settings are used.
    const cut = await this.ask(asked).catch(() => null);
    if (this.known.asked !== asked) return;
    this.known = { asked, cut };
    this.onNews();
  }
}

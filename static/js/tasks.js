import { sayingOf } from "./api/problem-text.js";

/**
 * One question at a time that the server is asked beside the moves. A newer question makes the answer to an older one
 * stale; one that failed keeps its problem, and is asked again when it is another one or somebody presses.
 * @template T
 */
export class Task {
  /** @param {() => void} onNews called when there is an answer or a problem */
  constructor(onNews) {
    this.onNews = onNews;
    /** The newest question. @type {string | null} */
    this.asked = null;
    /** The question that `value` answers. @type {string | null} */
    this.answered = null;
    /** @type {T | null} */
    this.value = null;
    /** What is to be said of the newest question, if it failed. @type {string | null} */
    this.problem = null;
  }

  /** @param {string} key of the question: the same one is not asked twice @param {() => Promise<T>} work */
  async ask(key, work) {
    if (key === this.asked) return;
    this.asked = key;
    try {
      const value = await work();
      if (key !== this.asked) return;
      [this.value, this.answered, this.problem] = [value, key, null];
    } catch (error) {
      if (key !== this.asked) return;
      const said = await sayingOf(error);
      if (key !== this.asked) return;
      this.problem = said;
    }
    this.onNews();
  }

  /** The answer to this question, if it is known. @param {string} key */
  answerTo(key) {
    return this.answered === key ? this.value : null;
  }

  /** Let the same question be asked again. */
  forget() {
    this.asked = null;
  }
}

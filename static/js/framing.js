import { said } from "./core/files.js";
import { goalOf, reachedAfter } from "./core/goal.js";
import { watch } from "./core/watch.js";
import { tellHeight } from "./framing/height.js";
import { namedOrigins, Parent } from "./framing/parent.js";

/**
 * The page in a frame of a course page: it tells that page what is reached, in messages that learning platforms read
 * (SPLICE), and how high it is. docs/COURSES.md has every message.
 *
 * @typedef {import("./playground.js").Playground} Playground
 */

/** @param {Playground} playground */
export function beFramed(playground) {
  const parent = new Parent(namedOrigins(said("frame-ancestors"), location.origin));
  if (parent.origins.length === 0) return;
  void new Framing(playground, parent).begin();
  tellHeight(parent);
}

export class Framing {
  /** @param {Playground} playground @param {Pick<Parent, "post" | "ask">} parent */
  constructor(playground, parent) {
    this.playground = playground;
    this.parent = parent;
    /** Tasks that were reached in this visit, or in an earlier one that the parent remembers. @type {Set<string>} */
    this.reached = new Set();
    /** Those of this visit, each told once. @type {Set<string>} */
    this.told = new Set();
  }

  async begin() {
    watch(() => this.follow());
    const { state } = await this.parent.ask("SPLICE.getState");
    this.remember(state);
  }

  /** What the course page has set: all of them done is a score of 1. @returns {string[]} */
  get tasks() {
    const { goal } = this.playground.state;
    return goal && goalOf(goal).measure ? [goal] : [];
  }

  /** Tell what has been reached meanwhile. */
  follow() {
    const { goal, history, session } = this.playground.state;
    if (!goal || this.told.has(goal)) return;
    const updates = reachedAfter(goalOf(goal), history, session?.step ?? 0);
    if (updates !== null) this.reach(goal, "goal_reached", { goal, updates });
  }

  /**
   * A task is reached: the only place that tells of one.
   * @param {string} task
   * @param {string} name of the event
   * @param {Record<string, unknown>} data
   */
  reach(task, name, data) {
    if (this.told.has(task)) return;
    this.told.add(task);
    this.reached.add(task);
    this.parent.post("SPLICE.sendEvent", { name, data });
    if (this.tasks.includes(task)) this.report();
  }

  report() {
    const { tasks } = this;
    if (tasks.length === 0) return;
    const reached = tasks.filter((task) => this.reached.has(task));
    this.parent.post("SPLICE.reportScoreAndState", { score: reached.length / tasks.length, state: { reached } });
  }

  /** What the parent has stored of earlier visits, so that no score falls. @param {any} state */
  remember(state) {
    const before = Array.isArray(state?.reached) ? state.reached : [];
    for (const task of before) this.reached.add(task);
    if (this.told.size > 0) this.report();
  }
}

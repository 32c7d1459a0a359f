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

/** @param {Playground} playground @param {string | null} lab whose scenes are tasks */
export function beFramed(playground, lab) {
  const parent = new Parent(namedOrigins(said("frame-ancestors"), location.origin));
  if (parent.origins.length === 0) return;
  void new Framing(playground, parent, lab).begin();
  tellHeight(parent);
}

export class Framing {
  /** @param {Playground} playground @param {Pick<Parent, "post" | "ask">} parent @param {string | null} [lab] whose scenes are tasks */
  constructor(playground, parent, lab = null) {
    this.playground = playground;
    this.parent = parent;
    this.lab = lab;
    /** Those scenes, when they are known. @type {string[]} */
    this.scenes = [];
    /** The scene that was begun last. */
    this.begun = "";
    /** Tasks that were reached in this visit, or in an earlier one that the parent remembers. @type {Set<string>} */
    this.reached = new Set();
    /** Those of this visit, each told once. @type {Set<string>} */
    this.told = new Set();
  }

  async begin() {
    const asked = this.parent.ask("SPLICE.getState");
    watch(() => this.follow());
    this.remember((await asked).state);
  }

  /** What the course page has set: all of them done is a score of 1. @returns {string[]} */
  get tasks() {
    const { goal } = this.playground.state;
    return goal && goalOf(goal).quantity ? [goal, ...this.scenes] : this.scenes;
  }

  /** Tell what has been reached meanwhile. */
  follow() {
    this.followGoal();
    this.followLab();
  }

  followGoal() {
    const { goal, history, session } = this.playground.state;
    if (!goal || this.told.has(goal)) return;
    const updates = reachedAfter(goalOf(goal), history, session?.step ?? 0);
    if (updates !== null) this.reach(goal, "goal_reached", { goal, updates });
  }

  followLab() {
    const { lab: now } = this.playground.state;
    if (!now) return;
    const { lab: { id: lab, scenes }, at, beat, isDone } = now;
    const scene = scenes[at]?.id;
    if (lab === this.lab) this.scenes = scenes.map(({ id }) => taskOf(lab, id));
    if (scene === undefined) return;
    const task = taskOf(lab, scene);
    if (task !== this.begun) this.parent.post("SPLICE.sendEvent", { name: "scene_begun", data: { lab, scene } });
    this.begun = task;
    if (isDone && beat === "told") this.reach(task, "scene_done", { lab, scene });
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

/** @param {string} lab @param {string} scene */
const taskOf = (lab, scene) => `${lab}/${scene}`;

import { Task } from "../tasks.js";
import { checked, rightOf } from "./arrays.js";
import { differences } from "./pointer.js";
import { isOpen } from "./stage.js";

/**
 * A learner's code, and its gradients beside measured ones: the only writer of what `code` and `check` show.
 *
 * @typedef {import("./arrays.js").Checked} Checked
 */
export class Code {
  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    /** @type {Task<Checked[]>} */
    this.checking = new Task(() => this.hear());
  }

  /** The gradients of the step on show beside what nudges measure; null: not compared yet. @returns {Checked[] | null} */
  get rows() {
    return this.checking.answerTo(this.key);
  }

  get key() {
    const { lab, at, stage } = this.lab.now;
    return `${lab.id} ${lab.scenes[at]?.id} ${stage.trace}`;
  }

  /** Have a step of the scene's own, as it was asked for. @param {string} name */
  async have(name) {
    const { playground, now, scene } = this.lab;
    const body = bodyOf(scene, name);
    if (!body || name in now.traces) return;
    const trace = await playground.model.frame(await playground.api.traceFrame(body));
    if (this.lab.store.state.lab && this.lab.scene === scene) this.lab.set({ traces: { ...this.lab.now.traces, [name]: trace } });
  }

  /** Have the step of the line whose arrays are open: before the answer none are. */
  look() {
    const { now } = this.lab;
    const { trace, line } = now.stage;
    if (trace && line !== undefined && isOpen(now)) void this.lab.playground.attempt(() => this.have(trace));
  }

  /** Look at a line, and where one bets on a line, bet on it. @param {string} line */
  pick(line) {
    const { now, scene } = this.lab;
    this.lab.show({ line });
    this.look();
    if (now.beat === "ask" && scene.ask?.kind === "line") this.lab.set({ answer: { ...now.answer, line } });
  }

  /** Play the line that one looks at. */
  play() {
    this.lab.show({ played: this.lab.now.stage.line });
  }

  /** @param {string} name of a switch @param {string} position */
  turn(name, position) {
    const { stage } = this.lab.now;
    const choice = { ...stage.choice, [name]: position };
    this.lab.show({ choice, trace: Object.keys(stage.switches).map((one) => choice[one]).join("_"), played: undefined });
    this.look();
    void this.match();
  }

  /** Have the drawing show the network that nudges measure. */
  async match() {
    const { scene, now, store } = this.lab;
    const body = bodyOf(scene, now.stage.trace);
    if (!body) return;
    const { mistakes: _, ...model } = body.model;
    const recipe = { ...scene.recipe, model, parameters: body.parameters, batch: body.batch };
    if (differences(store.state.recipe, recipe).length > 0) await this.lab.beginAgain(recipe);
  }

  /** Compare every gradient of the step on show with what nudging measures. */
  check() {
    const { playground, scene, now } = this.lab;
    const name = now.stage.trace;
    const body = bodyOf(scene, name);
    this.checking.forget();
    // What is compared needs the room of what one has looked at.
    this.lab.show({ line: scene.show.with?.line ?? undefined });
    return this.checking.ask(this.key, async () => {
      await this.have(name);
      const { cells } = await playground.api.checkGradient(rightOf(body));
      return checked(this.lab.now.traces[name], body, cells);
    });
  }

  hear() {
    // Somebody may have left the lab meanwhile.
    if (!this.lab.store.state.lab || !this.lab.scene) return;
    const { rows } = this;
    if (!rows || this.checking.problem) return this.lab.show({ problem: this.checking.problem });
    const differing = rows.filter(({ wrong }) => wrong > 0);
    this.lab.show({
      problem: null,
      checked: this.lab.now.stage.trace,
      numbers: rows.reduce((sum, { mine }) => sum + mine.flat().length, 0),
      wrong: differing.reduce((sum, { wrong }) => sum + wrong, 0),
      tensors: differing.map(({ tensor }) => tensor),
    });
  }
}

/** The step of this name: one of the scene's own, or the one in which another mistake is made. @param {import("../state.js").LabScene | undefined} scene @param {string} name */
function bodyOf(scene, name) {
  const { traces = {}, another } = scene ?? {};
  if (name in traces || !another) return traces[name];
  return { ...another.body, model: { ...another.body.model, mistakes: [name] } };
}

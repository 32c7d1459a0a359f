import { Problem } from "./api/client.js";
import { sentenceOf } from "./api/problem-text.js";
import { t } from "./core/i18n.js";
import { emptyPaper } from "./state.js";
import { modelOf, openable, sizesOf, withRowsOfTargets } from "./trace/doctor/network.js";
import { kindsOf, outlineOf } from "./trace/doctor/outline.js";
import { answeredCase, lacking, layoutOf } from "./trace/doctor/paper.js";
import { partingOf } from "./trace/doctor/parting.js";
import { emptyRun } from "./trace/doctor/usual.js";

/**
 * @typedef {import("./state.js").Door} Door
 * @typedef {import("./state.js").Paper} Paper
 * @typedef {import("./trace/doctor/paper.js").Run} Run
 * @typedef {import("./trace/doctor/paper.js").Kinds} Kinds
 * @typedef {import("./trace/doctor/paper.js").AnsweredCase} AnsweredCase
 */

/** What a learner's network learns with when it is opened; its numbers say nothing of it. */
const OPTIMIZER = { name: "sgd", learning_rate: 0.1 };

/** Units of the cases' hidden layers: sizes, rows and classes should all be different numbers. */
const HIDDEN_UNITS = [5, 6, 8];

/** Asks what is wrong with somebody's numbers: reads what was pasted, has it diagnosed and shows it in the drawing. Nothing typed is ever lost. */
export class Doctor {
  /** @param {import("./playground.js").Playground} playground */
  constructor(playground) {
    this.playground = playground;
    this.api = playground.api;
    /** Counts what would make an answer on its way another one. */
    this.version = 0;
  }

  get state() {
    return this.playground.state.doctor;
  }

  /** @param {Partial<import("./state.js").Doctor>} part */
  set(part) {
    this.playground.store.set({ doctor: { ...this.state, ...part } });
  }

  /** What is on its way answers something else now. */
  renew() {
    this.version += 1;
    this.set({ isBusy: false });
  }

  /** @param {Door | null} door */
  async enter(door) {
    this.renew();
    this.set({ door });
    if (door === "hand" || door === "notebook") await this.load();
  }

  /** The door that papers are brought to. @returns {"hand" | "notebook"} */
  get door() {
    return this.state.door === "notebook" ? "notebook" : "hand";
  }

  get paper() {
    return this.state.papers[this.door];
  }

  /** @param {Partial<Paper>} part */
  write(part) {
    this.set({ papers: { ...this.state.papers, [this.door]: { ...this.paper, ...part } } });
  }

  /** @param {number} at @param {Partial<Run>} part */
  writeRun(at, part) {
    this.write({ runs: this.paper.runs.map((run, place) => (place === at ? { ...run, ...part } : run)) });
  }

  /** @param {number} at which run @param {string} text */
  type(at, text) {
    this.renew();
    this.writeRun(at, { text, answers: {}, reading: null });
    this.write({ diagnosis: null, problem: null, lacks: [] });
    this.playground.store.set({ parting: null });
  }

  /** Answer a question about what a text means. @param {number} at @param {string} question @param {string} choice */
  async answer(at, question, choice) {
    this.writeRun(at, { answers: { ...this.paper.runs[at].answers, [question]: choice }, reading: null });
    await this.check();
  }

  /** @param {Partial<Kinds>} part */
  async choose(part) {
    this.renew();
    this.set({ kinds: { ...this.state.kinds, ...part } });
    this.write({ diagnosis: null, problem: null });
    this.playground.store.set({ parting: null });
    if (this.door === "notebook") {
      this.set({ cases: [] });
      await this.load();
    }
  }

  /** Begin with the network that is drawn: its own lines stand in the text, and results are written below. */
  async take() {
    const { state } = this.playground;
    await this.choose(kindsOf(/** @type {any} */ (state.session).model));
    this.type(0, `${outlineOf(state)}\n`);
  }

  /** @param {Partial<import("./trace/doctor/notebook.js").Names>} part */
  name(part) {
    this.set({ names: { ...this.state.names, ...part } });
  }

  /** What the engine offers, and for a notebook the cases. */
  async load() {
    await this.attempt(0, async () => {
      if (!this.state.choices) this.set({ choices: await this.api.getChoices() });
      if (this.door !== "notebook" || this.state.cases.length > 0) return;
      const { kinds, choices } = this.state;
      const { layout, reduction, depth, targets } = kinds;
      const least = choices.outputs.find((/** @type {any} */ output) => output.name === kinds.output.activation)?.least_units ?? 1;
      const outputs = least > 1 ? 3 : 1;
      const model = modelOf(kinds, [4, ...HIDDEN_UNITS.slice(0, depth), outputs], true);
      const version = this.version;
      const { cases } = await this.api.getCases({ model, conventions: { layout, reduction } });
      if (version !== this.version) return;
      const asked = targets === "rows" ? cases.map((one) => withRowsOfTargets(one, outputs, layout)) : cases;
      this.set({ cases: asked });
      const [first, ...others] = this.paper.runs;
      const isSame = JSON.stringify(first.asked) === JSON.stringify(asked[0]);
      // What answers other cases answers none of these; the first text stays to be seen.
      this.write({ runs: isSame ? [first, ...others] : [{ ...first, asked: asked[0], reading: null }], problem: null });
    });
  }

  /** One case more, to be answered too. @param {import("./trace/doctor/paper.js").Case} asked */
  ask(asked) {
    if (this.paper.runs.some((run) => run.asked?.name === asked.name)) return;
    this.write({ runs: [...this.paper.runs, emptyRun(asked)] });
  }

  /** The next case that has not been answered; null: all have. */
  get nextCase() {
    return this.state.cases.find(({ name, l2 }) => !(l2 > 0 && this.state.kinds.l2 === 0) && this.paper.runs.every(({ asked }) => asked?.name !== name)) ?? null;
  }

  /** Another piece of code, or another hand calculation: the texts of this door are put away. */
  beginAgain() {
    this.renew();
    const [{ asked }] = this.paper.runs;
    this.write({ ...emptyPaper(), runs: [emptyRun(asked)] });
    this.playground.store.set({ parting: null });
  }

  /** Read every text and, when nothing is left to be asked, say what is wrong. */
  check() {
    return this.work((places, isStale) => this.attempt(places[places.length - 1], () => this.diagnose(places, isStale)));
  }

  /** Open the learner's network in the playground. */
  open() {
    return this.work(() => this.attempt(0, () => {
      const [run] = this.paper.runs;
      const { kinds } = this.state;
      const asked = answeredCase(run, kinds);
      const layout = layoutOf(run, kinds);
      return this.draw(asked, modelOf(kinds, sizesOf(asked.parameters, layout), "b1" in asked.parameters), layout);
    }));
  }

  /**
   * Read every text; what is to be done with them waits until nothing is left to be asked and nothing is lacking.
   * @param {(places: number[], isStale: () => boolean) => Promise<unknown>} then
   */
  async work(then) {
    if (this.state.isBusy) return;
    const version = ++this.version;
    const isStale = () => version !== this.version;
    this.set({ isBusy: true });
    this.write({ problem: null, lacks: [] });
    try {
      const places = this.paper.runs.flatMap(({ text }, at) => (text.trim() || at === 0 ? [at] : []));
      for (const at of places) {
        if (!(await this.attempt(at, () => this.read(at, isStale))) || isStale()) return;
      }
      if (places.some((at) => this.paper.runs[at].reading?.questions.length)) return;
      const first = this.paper.runs[0];
      const lacks = first.asked || !first.reading ? [] : lacking(first.reading);
      if (lacks.length > 0) return this.write({ lacks });
      await then(places, isStale);
    } finally {
      if (!isStale()) this.set({ isBusy: false });
    }
  }

  /** @param {number} at @param {() => boolean} isStale */
  async read(at, isStale) {
    const { asked, text, answers, reading } = this.paper.runs[at];
    if (reading && reading.questions.length === 0) return;
    const found = await this.api.readNotation({ text, answers, ...(asked ? { layout: this.state.kinds.layout } : {}) });
    if (!isStale()) this.writeRun(at, { reading: found });
  }

  /** @param {number[]} places of runs that have been read @param {() => boolean} isStale */
  async diagnose(places, isStale) {
    const { kinds } = this.state;
    const runs = places.map((at) => this.paper.runs[at]);
    const { reduction } = kinds;
    const layout = layoutOf(runs[0], kinds);
    const cases = runs.map((run) => answeredCase(run, kinds));
    const model = modelOf(kinds, sizesOf(cases[0].parameters, layout), "b1" in cases[0].parameters);
    const conventions = { layout, reduction };
    const empty = cases.find((one) => !one.raised && Object.keys(one.results ?? {}).length === 0);
    if (empty) {
      if (!runs[0].asked) await this.draw(cases[0], model, layout);
      if (!isStale()) this.write({ problem: { text: t("doctor.no_results"), run: places[cases.indexOf(empty)], line: null } });
      return;
    }
    const diagnosis = await this.api.diagnose({ model, conventions, cases });
    if (isStale()) return;
    this.write({ diagnosis });
    if (diagnosis.verdict === "undecided" && diagnosis.ask_next) {
      const { targets } = kinds;
      this.ask(targets === "rows" && this.door === "notebook" ? withRowsOfTargets(diagnosis.ask_next, model.output.units, layout) : diagnosis.ask_next);
    }
    await this.show(diagnosis, runs, cases);
  }

  /**
   * Draw the case in which something is wrong, and mark where the numbers part.
   * @param {import("./trace/doctor/paper.js").Diagnosis} diagnosis @param {Run[]} runs @param {AnsweredCase[]} cases
   */
  async show({ cases: judged, model, conventions }, runs, cases) {
    const partings = judged.map(({ tensors }, at) => {
      const { batch } = openable(cases[at], model, conventions.layout);
      return partingOf(tensors, runs[at].reading?.tensors ?? {}, { ...conventions, m: batch.x.length });
    });
    const at = Math.max(0, partings.findIndex((parting) => parting !== null));
    const parting = partings[at];
    if (!(await this.draw(cases[at], model, conventions.layout, parting?.sample ?? 0))) return;
    const { session, timeline } = this.playground.state;
    if (!parting || !session || !timeline) return;
    this.playground.store.set({ parting: { ...parting, session: session.id } });
    const makes = timeline.operations.filter(({ output, nodes }) => output === parting.tensor || nodes.some((node) => node.output === parting.tensor));
    const operation = makes.findLast(({ scope }) => scope === (/^d[Wb]\d+$/.test(parting.tensor) ? "batch" : "sample")) ?? makes.at(-1);
    if (operation) await this.playground.player.seek(operation.start + operation.duration);
  }

  /** How the right number comes about, where they part. */
  explain() {
    const { parting } = this.playground.state;
    this.playground.showSheet(true);
    if (parting) this.playground.inspector.explain({ tensor: parting.tensor, index: parting.index });
  }

  /**
   * Open a learner's network in the drawing; what was there before can be had back.
   * @param {import("./trace/doctor/paper.js").Case} asked @param {any} model @param {"rows" | "columns"} layout @param {number} [sample]
   * @returns {Promise<boolean>} whether it is shown
   */
  async draw(asked, model, layout, sample = 0) {
    const { recipe, session, edits, sample: shown, setAside } = this.playground.state;
    const wanted = { ...openable(asked, model, layout), optimizer: OPTIMIZER, batch_size: null, seed: 0 };
    if (JSON.stringify(recipe) === JSON.stringify(wanted) && session?.step === 0 && edits.length === 0) {
      return sample === shown || this.playground.move(() => this.playground.store.set({ sample }));
    }
    if (!(await this.playground.open(wanted, sample))) return false;
    const drawn = this.playground.model.session.id;
    const before = setAside !== null && setAside.drawn === session?.id ? setAside.state : { recipe, session, edits, sample: shown };
    this.playground.store.set({ setAside: { drawn, state: before } });
    return true;
  }

  /** Show what was there before the learner's network; where its session has expired, from its beginning. */
  async putBack() {
    const { setAside } = this.playground.state;
    if (!setAside?.state.session) return;
    const { recipe, sample, session: before, edits } = setAside.state;
    const { model } = this.playground;
    await this.playground.move(async () => {
      const found = await this.api.getView(before.id, model.wishOfAnother({ sample }, recipe)).then((answer) => model.read(answer), (/** @type {unknown} */ error) => {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      });
      this.playground.enter(found ?? (await this.playground.begun(recipe, { sample })), { recipe, sample, edits: found ? edits : [] });
      this.playground.store.set({ setAside: null, parting: null });
    });
  }

  /**
   * Do something that may fail; the failure is said at the text that it is about, and can be tried again.
   * @param {number} at which run @param {() => Promise<unknown>} action
   * @returns {Promise<boolean>} whether it was done
   */
  async attempt(at, action) {
    const { version } = this;
    try {
      await action();
      return true;
    } catch (error) {
      if (!(error instanceof Problem || error instanceof TypeError)) throw error;
      if (version === this.version) this.write({ problem: { text: error instanceof Problem ? sentenceOf(error) : t("problem.unreachable"), run: at, line: Number(error instanceof Problem ? error.params.line : NaN) || null } });
      return false;
    }
  }
}

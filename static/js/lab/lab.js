import { currentLanguage, readingTime } from "../core/i18n.js";
import { Watch, watch } from "../core/watch.js";
import { END } from "../labs.js";
import { untracked } from "../vendor/signals.js";
import { feedback, isRight, mistakesIn } from "./asking.js";
import { Checkpoint } from "./expression.js";
import { factsOf } from "./facts.js";
import { Instruments } from "./instruments.js";
import { keepProgress, progress } from "./progress.js";
import { chipAtFirst, isBeyond, openingOf } from "./setup.js";
import { stageAtFirst } from "./stage.js";

/**
 * @typedef {import("../state.js").State} State
 * @typedef {import("../state.js").LabState} LabState
 * @typedef {import("../state.js").Lab} LabDocument
 * @typedef {import("./asking.js").Given} Given
 */

/** What has been the case since a scene began, before it begins. */
const NEW = { beat: /** @type {const} */ ("ask"), answer: {}, told: null, isDone: false, isWandering: false, isFolded: false, isSpeaking: false, round: 0, stage: { name: "" }, experiment: null, traces: {} };

/** A lab under way: its scenes, one after the other, each asking, having something done, and telling. The only writer of the state's `lab`. */
export class Lab {
  /** @param {import("../playground.js").Playground} playground @param {import("../sharing.js").Sharing} sharing */
  constructor(playground, sharing) {
    this.playground = playground;
    this.sharing = sharing;
    this.store = playground.store;
    this.instruments = new Instruments(this);
    /** What was on show when the scene began; null while one is opened. @type {State | null} */
    this.begun = null;
    /** What the scene waits for. @type {Checkpoint | null} */
    this.checkpoint = null;
    /** Whether one was asked before operations, before the lab. */
    this.wasPredicting = false;
    this.silence = 0;
    this.following = new Watch(() => this.follow());
    this.following.run();
    watch(() => this.say(currentLanguage()));
  }

  /** @returns {LabState} */
  get now() {
    const { lab } = this.store.state;
    if (!lab) throw new Error("There is no lab under way.");
    return lab;
  }

  /** The scene on show; undefined at the end. */
  get scene() {
    const { lab, at } = this.now;
    return lab.scenes[at];
  }

  get words() {
    return this.now.lab.words.scenes[this.scene?.id];
  }

  // --- which scene --------------------------------------------------------------------------------------------------

  /**
   * Begin a lab, or go on with it.
   * @param {string} id
   * @param {string | null} [scene] its id or its number from 1; null: where somebody left it
   */
  async enter(id, scene = null) {
    const { lab: before, isPredicting } = this.store.state;
    const { predicting } = this.playground.inspector;
    const known = progress()[id];
    this.spoken = currentLanguage();
    const lab = before?.lab.id === id ? before.lab : await this.playground.api.getLab(id, this.spoken);
    if (!before) this.wasPredicting = isPredicting;
    if (isPredicting) predicting.turn(false);
    const at = placeOf(lab, scene ?? (known?.isDone ? null : known?.scene) ?? null);
    await this.open({ ...NEW, lab, at, done: known?.done ?? [], concealed: [], chip: null, nudgedBefore: null }, at);
  }

  /** @param {number} at */
  goTo(at) {
    return this.open(this.now, at);
  }

  /** The scene again, as it begins. */
  restart() {
    return this.goTo(this.now.at);
  }

  /** @param {LabState} now @param {number} at */
  async open(now, at) {
    this.instruments.leave();
    const scene = now.lab.scenes[at];
    if (!scene) return this.end(now);
    const { nudged } = this.store.state;
    const { begun } = this;
    this.begun = null;
    const isOpened = await this.begin(scene, null, {
      ...now, ...NEW, at,
      beat: scene.ask ? "ask" : "do",
      concealed: scene.ask ? scene.hide : [],
      chip: chipAtFirst(scene),
      nudgedBefore: nudged,
      stage: stageAtFirst(scene),
    });
    if (!isOpened) return void (this.begun = begun);
    this.checkpoint = new Checkpoint(scene.checkpoint);
    this.begun = this.store.state;
    this.instruments.begin();
    this.following.run();
    keepProgress(now.lab.id, { scene: scene.id, done: [...now.done] });
  }

  /** Back from own ways: the run as it was when the scene began; what was asked and answered stays. */
  async comeBack() {
    const { now, scene, begun } = this;
    if (!scene) return;
    this.begun = null;
    const isBack = await this.begin(scene, now.chip, { ...now, isWandering: false, isFolded: false });
    this.begun = isBack ? this.store.state : begun;
    this.following.run();
  }

  /**
   * Begin the run of a scene, and show it as the scene wants it.
   * @param {import("../state.js").LabScene} scene
   * @param {string | null} chip
   * @param {LabState} lab
   */
  begin(scene, chip, lab) {
    const { show } = scene;
    const recipe = scene.switch.find(({ id }) => id === chip)?.recipe ?? scene.recipe;
    return this.sharing.restore(openingOf(recipe, show), null, { lab, place: show.view ?? (show.focus ? "why" : "map"), exchange: null, isDoctorOpen: false, isSettingsOpen: false });
  }

  /** After the last scene. @param {LabState} now */
  end(now) {
    const { id, scenes } = now.lab;
    this.begun = null;
    this.store.set({ lab: { ...now, ...NEW, at: scenes.length, beat: "told", concealed: [], chip: null } });
    keepProgress(id, { scene: END, done: [...now.done], isDone: true });
  }

  /** Play freely from here. */
  leave() {
    clearTimeout(this.silence);
    this.instruments.leave();
    this.begun = null;
    this.store.set({ lab: null });
    if (this.wasPredicting) this.playground.inspector.predicting.turn(true);
  }

  // --- asking, doing, being told ------------------------------------------------------------------------------------

  /** An answer about one of several steps: a right one leads on to the next, after a wrong one it is asked again. @param {Given} given */
  name(given) {
    const { now, scene } = this;
    const rounds = scene.ask?.rounds ?? [];
    const isNamed = given === rounds[now.round].right;
    const isLast = isNamed && now.round + 1 === rounds.length;
    const named = (now.answer.named ?? 0) + Number(isNamed);
    this.set({ answer: { given, is_right: isNamed, named }, told: isNamed ? null : given, round: now.round + Number(isNamed && !isLast) });
    if (isLast) this.tell();
    else if (isNamed) this.show({ trace: rounds[now.round + 1].trace, checked: undefined });
    else this.speak();
  }

  /** @param {Given} given */
  answer(given) {
    const { now, scene } = this;
    if (!scene?.ask || now.beat !== "ask") return;
    if (scene.ask.rounds) return this.name(given);
    const isRightAnswer = isRight(scene.ask, given);
    this.set({ answer: { ...now.answer, given, is_right: isRightAnswer }, told: given, concealed: [], beat: "do" });
    const [cell] = isRightAnswer || !scene.ask.cells ? [] : this.cellsOf(given);
    if (cell) this.playground.inspector.explain(cell);
    if (!this.words.do) this.tell();
  }

  /** The cells whose number was typed wrongly. @param {Given} given */
  cellsOf(given) {
    const { cells = [], options = [] } = /** @type {import("./asking.js").Ask} */ (this.scene.ask);
    const wrong = mistakesIn(/** @type {any} */ (this.scene.ask), given);
    return cells.filter((_, at) => wrong.includes(options[at]));
  }

  /** Show the feedback of another answer: the chosen one, the right one. @param {Given | null} told */
  hear(told) {
    this.set({ told });
    this.speak();
  }

  tell() {
    this.set({ beat: "told", concealed: [] });
    this.speak();
  }

  /** While a feedback is read, nothing else speaks. */
  speak() {
    clearTimeout(this.silence);
    this.set({ isSpeaking: true });
    this.silence = setTimeout(() => this.store.state.lab && this.set({ isSpeaking: false }), readingTime(this.feedback().join(" ")));
  }

  /** What is told. @returns {string[]} */
  feedback() {
    return this.scene ? feedback(this.scene.ask, this.now.told, this.words) : this.now.lab.words.say;
  }

  /** Past what is asked or to be done, to what it was about; from there, to the next scene. */
  async next() {
    const { beat, at } = this.now;
    if (beat === "told") return this.goTo(at + 1);
    this.tell();
  }

  previous() {
    return this.goTo(Math.max(0, this.now.at - 1));
  }

  /** Begin the scene's run again with the value of a chip. @param {string} chip */
  async press(chip) {
    const { scene } = this;
    const { sample, tab, place, focus, isPreview } = this.store.state;
    const { at } = this.sharing.now() ?? { at: null };
    const lab = { ...this.now, chip };
    const { recipe } = /** @type {{recipe: any}} */ (scene.switch.find(({ id }) => id === chip));
    const { begun } = this;
    this.begun = null;
    const isBegun = await this.sharing.restore({ ...openingOf(recipe, scene.show), sample, tab, focus, at: isPreview ? null : at }, null, { lab, place });
    this.begun = isBegun ? this.store.state : begun;
    this.following.run();
  }

  // --- what has come of it ------------------------------------------------------------------------------------------

  /** What an instrument shows now. @param {Record<string, unknown>} fields */
  show(fields) {
    this.set({ stage: { ...this.now.stage, ...fields } });
  }

  /** @param {Partial<LabState>} fields */
  set(fields) {
    this.store.set({ lab: { ...this.now, ...fields } });
  }

  /** Look whether the checkpoint holds, and whether somebody has gone own ways. */
  follow() {
    const { state } = this.store;
    const { lab } = state;
    const { begun, checkpoint } = this;
    const scene = lab?.lab.scenes[lab.at];
    if (!lab || !scene || !begun || !checkpoint) return;
    const holds = checkpoint.look(factsOf(state));
    const isDone = lab.isDone || holds;
    const isWandering = isBeyond(begun, state, scene.may);
    const isFolded = isWandering && state.session?.id !== begun.session?.id;
    untracked(() => this.take({ isDone, isWandering, isFolded }));
  }

  /** @param {Pick<LabState, "isDone" | "isWandering" | "isFolded">} found */
  take(found) {
    const { now } = this;
    if (Object.entries(found).some(([name, value]) => now[/** @type {keyof LabState} */ (name)] !== value)) this.set(found);
    if (found.isDone && !found.isFolded && now.beat === "do") this.tell();
    if (found.isDone && this.now.beat === "told") this.note();
  }

  /** The scene is done: remembered from visit to visit. */
  note() {
    const { lab, done } = this.now;
    const { id } = this.scene;
    if (done.includes(id)) return;
    this.set({ done: [...done, id] });
    keepProgress(lab.id, { scene: id, done: [...this.now.done] });
  }

  /** Have the words in another language. @param {string} language */
  say(language) {
    untracked(async () => {
      const { lab } = this.store.state;
      if (!lab || language === this.spoken) return;
      this.spoken = language;
      await this.playground.attempt(async () => {
        const { words } = await this.playground.api.getLab(lab.lab.id, language);
        if (this.spoken === language && this.store.state.lab) this.set({ lab: { ...this.now.lab, words, language } });
      });
    });
  }

  /** The language of the words. */
  spoken = currentLanguage();
}

/** Which scene an address means. @param {LabDocument} lab @param {string | null} scene @returns {number} */
function placeOf({ scenes }, scene) {
  if (scene === END) return scenes.length;
  const number = Number(scene) - 1;
  const named = scenes.findIndex(({ id }) => id === scene);
  return named >= 0 ? named : number in scenes ? number : 0;
}

import { currentLanguage, readingTime } from "../core/i18n.js";
import { Watch, watch } from "../core/watch.js";
import { END } from "../labs.js";
import { untracked } from "../vendor/signals.js";
import { askAbout, nextOf, wordsAbout } from "./another.js";
import { feedback, isRight, optionAt, wrongCells } from "./asking.js";
import { stageAtFirst } from "./beginnings.js";
import { Checkpoint } from "./expression.js";
import { factsOf } from "./facts.js";
import { Instruments } from "./instruments.js";
import { sceneAt } from "./linked.js";
import { differences } from "./pointer.js";
import { keepProgress, progress, sceneToGoOnWith } from "./progress.js";
import { asksToNudge, chipAtFirst, isBeyond, openingOf, trainedWith } from "./setup.js";

/**
 * @typedef {import("../state.js").State} State
 * @typedef {import("../state.js").LabState} LabState
 * @typedef {import("../state.js").Lab} LabDocument
 * @typedef {import("./asking.js").Given} Given
 */

/** What has been the case since a scene began, before it begins. */
const NEW = { beat: /** @type {const} */ ("ask"), answer: {}, told: null, trained: {}, parts: /** @type {readonly boolean[]} */ ([]), isDone: false, isWandering: false, isFolded: false, isSpeaking: false, areHandsUp: false, round: 0, another: null, hunted: /** @type {readonly string[]} */ ([]), stage: { name: "" }, experiment: null, traces: {} };

/** A lab under way: its scenes, one after the other, each asking, having something done, and telling. The only writer of the state's `lab`. */
export class Lab {
  /** @param {import("../playground.js").Playground} playground @param {import("../sharing.js").Sharing} sharing */
  constructor(playground, sharing) {
    this.playground = playground;
    this.sharing = sharing;
    this.store = playground.store;
    this.instruments = new Instruments(this);
    /** The page's state when the scene began; null while no scene is under way. @type {State | null} */
    this.begun = null;
    /** How many times the lab was to show something else: what comes late of an earlier time is not wanted any more. */
    this.turn = 0;
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

  /** The question that is asked now. */
  get ask() {
    const { another } = this.now;
    return another ? askAbout(another) : (this.scene?.ask ?? null);
  }

  get words() {
    const { another, lab } = this.now;
    return another && this.scene.another ? wordsAbout(another, this.scene.another.cases) : lab.words.scenes[this.scene?.id];
  }

  // --- which scene --------------------------------------------------------------------------------------------------

  /**
   * Begin a lab, or go on with it.
   * @param {string} id
   * @param {string | null} [scene] its id or its number from 1; null: where somebody left it
   * @returns {Promise<boolean>} whether it was opened
   */
  async enter(id, scene = null) {
    const entering = (this.entering = {});
    const { lab: before } = this.store.state;
    const isAnother = before?.lab.id !== id;
    const language = currentLanguage();
    const lab = isAnother ? await this.playground.api.getLab(id, language) : before.lab;
    if (entering !== this.entering) return false;
    this.playground.model.know(lab.programs);
    const at = sceneAt(lab, scene ?? sceneToGoOnWith(lab, END));
    const { done = [] } = progress()[id] ?? {};
    const isOpened = await this.open(lab, at, isAnother ? { ...NEW, lab, at, done, concealed: [], chip: null, nudgedBefore: null } : null);
    if (!isOpened) return false;
    const { isPredicting } = this.store.state;
    if (!before) this.wasPredicting = isPredicting;
    if (isPredicting) this.playground.inspector.predicting.turn(false);
    if (isAnother) this.spoken = language;
    this.say(currentLanguage());
    return true;
  }

  /** @param {number} at */
  goTo(at) {
    return this.open(this.now.lab, at);
  }

  /** The scene again, as it begins. */
  restart() {
    return this.goTo(this.now.at);
  }

  /**
   * @param {LabDocument} lab
   * @param {number} at
   * @param {LabState | null} [fresh] null: the lab is under way
   * @returns {Promise<boolean>} whether it was opened
   */
  async open(lab, at, fresh = null) {
    this.instruments.leave();
    const scene = lab.scenes[at];
    if (!scene) return (await this.hasStep(lab, fresh)) && this.end(fresh ?? this.now);
    /** @returns {LabState} */
    const make = () => ({
      ...(fresh ?? this.now), ...NEW, at,
      beat: scene.ask ? "ask" : "do",
      concealed: scene.ask ? scene.hide : [],
      chip: chipAtFirst(scene),
      nudgedBefore: this.store.state.nudged,
      stage: stageAtFirst(scene),
    });
    if (!(await this.begin(scene, null, make, new Checkpoint(scene.checkpoint)))) return false;
    this.instruments.use();
    keepProgress(lab, { scene: scene.id, done: [...this.now.done] });
    return true;
  }

  /** A lab whose end is opened by its address, has the run of its last scene: something has to be on show. @param {LabDocument} lab @param {LabState | null} fresh @returns {Promise<boolean>} whether there is a step */
  async hasStep({ scenes }, fresh) {
    return this.store.state.session !== null || this.begin(scenes[scenes.length - 1], null, () => fresh ?? this.now);
  }

  /** Back from own ways: the run as it was when the scene began; what was asked and answered stays. */
  async comeBack() {
    const { now: { chip }, scene } = this;
    if (!scene || !(await this.begin(scene, chip, () => ({ ...this.now, isWandering: false, isFolded: false })))) return;
    if (this.now.stage.name === "code") await this.instruments.code.match();
  }

  /**
   * Begin the run of a scene, and show it as the scene wants it.
   * @param {import("../state.js").LabScene} scene
   * @param {string | null} chip
   * @param {() => LabState} make the lab as it is with it, of what the lab is then
   * @param {Checkpoint | null} [checkpoint]
   */
  begin(scene, chip, make, checkpoint) {
    const { show } = scene;
    const recipe = scene.switch.find(({ id }) => id === chip)?.recipe ?? scene.recipe;
    const place = show.view ?? (show.focus ? "why" : "map");
    return this.run(openingOf(recipe, show), () => {
      const lab = make();
      // On a phone what was explained last would lie over the next question.
      const isSheetOpen = this.store.state.isSheetOpen && !checkpoint;
      return { lab, place, exchange: null, isDoctorOpen: false, isSettingsOpen: false, isSheetOpen, isNudging: lab.beat === "do" && asksToNudge(scene), ...(checkpoint ? { layers: /** @type {const} */ ("sizes") } : {}) };
    }, checkpoint);
  }

  /**
   * Another run: what comes of the old one meanwhile is no step of the scene's.
   * @param {import("../core/url-state.js").Shared} shared
   * @param {() => Partial<State>} beside
   * @param {Checkpoint | null} [checkpoint] what is waited for from then on
   * @returns {Promise<boolean>} whether it has begun; not where something else was asked for meanwhile
   */
  async run(shared, beside, checkpoint = this.checkpoint) {
    const turn = ++this.turn;
    this.entering = {};
    this.isBeginning = true;
    const isBegun = await this.sharing.restore(shared, null, () => (turn === this.turn ? beside() : null));
    if (turn !== this.turn) return false;
    this.isBeginning = false;
    if (isBegun) Object.assign(this, { begun: this.store.state, checkpoint });
    this.following.run();
    return isBegun;
  }

  /** After the last scene. @param {LabState} now */
  end(now) {
    this.rest();
    this.store.set({ lab: { ...now, ...NEW, at: now.lab.scenes.length, beat: "told", concealed: [], chip: null } });
    keepProgress(now.lab, { scene: END, done: [...now.done] });
    return true;
  }

  /** Play freely from here. */
  leave() {
    clearTimeout(this.silence);
    this.instruments.leave();
    this.rest();
    this.store.set({ lab: null });
    if (this.wasPredicting) this.playground.inspector.predicting.turn(true);
    this.wasPredicting = false;
  }

  /** No scene is under way, and none that was asked for is wanted any more. */
  rest() {
    this.turn++;
    this.entering = {};
    this.isBeginning = false;
    this.begun = null;
  }

  // --- asking, doing, being told ------------------------------------------------------------------------------------

  /** An answer about one of several steps: a right one leads on to the next, after a wrong one it is asked again. @param {Given} given */
  name(given) {
    const { now } = this;
    const rounds = this.ask?.rounds ?? [];
    const isNamed = given === rounds[now.round].right;
    const isLast = isNamed && now.round + 1 === rounds.length;
    const named = (now.answer.named ?? 0) + Number(isNamed && !now.another);
    this.set({ answer: { given, is_right: isNamed, named }, told: isNamed ? null : given, round: now.round + Number(isNamed && !isLast) });
    if (isLast) this.tell();
    else if (isNamed) this.show({ trace: rounds[now.round + 1].trace, checked: undefined });
    else this.speak();
  }

  /** @param {Given} given */
  answer(given) {
    const { now, ask } = this;
    if (!ask || now.beat !== "ask") return;
    if (ask.rounds) return this.name(given);
    const isRightAnswer = isRight(ask, given);
    this.set({ answer: { ...now.answer, given, is_right: isRightAnswer }, told: given });
    this.letDo();
    const [cell] = isRightAnswer ? [] : wrongCells(ask, given);
    if (cell) this.playground.inspector.explain(cell);
  }

  /** When all rounds are named: another mistake, of the catalogue. */
  hunt() {
    const { now, scene } = this;
    if (!scene.another) return;
    const { another, hunted } = nextOf(scene.another.cases, now.hunted);
    const { named } = now.answer;
    this.set({ beat: "ask", another, hunted, answer: { named }, told: null, round: 0, areHandsUp: false });
    this.show({ trace: another.id, checked: undefined });
  }

  /** What was asked is answered: something is to be done, with what it takes at hand. */
  letDo() {
    this.set({ beat: "do", concealed: [] });
    this.instruments.use();
    if (asksToNudge(this.scene)) this.playground.inspector.showNudge(true);
    if (!this.words.do) this.tell();
  }

  /** Show the feedback of another answer: the chosen one, the right one. @param {Given | null} told */
  hear(told) {
    this.set({ told });
    this.speak();
  }

  tell() {
    this.set({ beat: "told", concealed: [] });
    this.instruments.use();
    const look = this.now.isDone ? this.scene?.look : null;
    if (look) this.playground.inspector.explain({ tensor: look.tensor, index: look.index ?? [0] });
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
    return this.scene ? feedback(this.ask, this.now.told, this.words, this.now.answer.line) : this.now.lab.words.say;
  }

  /** Past what is asked or to be done, to what it was about; from there, to the next scene. */
  async next() {
    const { beat, at } = this.now;
    if (beat === "told") return this.goTo(at + 1);
    if (this.ask?.rounds) this.set({ told: null });
    this.tell();
  }

  /** In front of a class, where hands answer: past the question to what is to be done, from there on as ever. */
  goOn() {
    const { beat, areHandsUp } = this.now;
    if (beat !== "ask") return this.next();
    if (!areHandsUp) return this.set({ areHandsUp: true });
    this.letDo();
  }

  /** The option that a digit stands for in front of a class: none before hands are up. @param {number} number @returns {string | undefined} */
  optionAt(number) {
    return this.ask ? optionAt(this.ask, this.now, number) : undefined;
  }

  /** What a class has chosen: answered, or, later, what is told of that answer. @param {string} option */
  choose(option) {
    const given = this.ask?.kind === "many" ? [option] : option;
    if (this.now.beat === "ask") return this.answer(given);
    this.set({ told: given });
    this.tell();
  }

  previous() {
    return this.goTo(Math.max(0, this.now.at - 1));
  }

  /** Begin the scene's run again with the value of a chip. @param {string} chip */
  async press(chip) {
    const { recipe } = /** @type {{recipe: any}} */ (this.scene.switch.find(({ id }) => id === chip));
    await this.beginAgain(recipe, { chip });
  }

  /** Another run in the same scene: one goes on to look at what one has looked at. @param {any} recipe @param {Partial<LabState>} [fields] */
  async beginAgain(recipe, fields = {}) {
    const { sample, tab, place, focus, isPreview } = this.store.state;
    const { at } = this.sharing.now() ?? { at: null };
    const opening = openingOf(recipe, this.scene.show);
    const shared = { ...opening, sample, tab, focus, at: isPreview ? opening.at : at };
    await this.run(shared, () => ({ lab: { ...this.now, ...fields }, place }));
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
    if (!lab || !scene || !begun || !checkpoint || this.isBeginning) return;
    const facts = factsOf(state);
    const holds = checkpoint.look(facts);
    const found = checkpoint.parts(facts);
    const parts = found.join() === lab.parts.join() ? lab.parts : found;
    const isDone = lab.isDone || holds;
    const isWandering = isBeyond(begun, state, scene.may);
    // After a reload the same run is another session.
    const isFolded = isWandering && differences(begun.recipe, state.recipe).length > 0;
    const trained = isWandering ? lab.trained : trainedWith(lab, state);
    untracked(() => this.take({ parts, trained, isDone, isWandering, isFolded }));
  }

  /** @param {Pick<LabState, "parts" | "trained" | "isDone" | "isWandering" | "isFolded">} found */
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
    keepProgress(lab, { scene: id, done: [...this.now.done] });
  }

  /** Have the words in another language. @param {string} language */
  say(language) {
    untracked(async () => {
      const { lab } = this.store.state;
      if (!lab || language === this.spoken) return;
      this.spoken = language;
      await this.playground.attempt(async () => {
        const { words } = await this.playground.api.getLab(lab.lab.id, language);
        if (this.spoken === language && this.store.state.lab?.lab.id === lab.lab.id) this.set({ lab: { ...this.now.lab, words, language } });
      });
    });
  }

  /** The lab that was asked for last. @type {object} */
  entering = {};

  /** Whether another run is on its way. */
  isBeginning = false;

  /** The language of the words. */
  spoken = currentLanguage();
}

import * as client from "./api/client.js";
import { sayingOf } from "./api/problem-text.js";
import { speak, t, textsOf } from "./core/i18n.js";
import { remember } from "./core/memory.js";
import { useNotation } from "./core/notation.js";
import { Store } from "./core/store.js";
import { useTheme } from "./core/theme.js";
import { Inspector } from "./inspector/inspector.js";
import { Player } from "./player/player.js";
import { Changing } from "./session/changing.js";
import { Editing } from "./session/editing.js";
import { whenBegun } from "./session/first-session.js";
import { SessionModel } from "./session/model.js";
import { Training } from "./session/training.js";
import { initialState } from "./state.js";

/** What a person can do on the page: its parts put together, beginnings, and what happens where something fails. Knows no element. */
export class Playground {
  /** @param {typeof client} [api] */
  constructor(api = client) {
    this.api = whenBegun(api, () => this.model.begin());
    this.store = new Store(initialState());
    this.model = new SessionModel(this.api, this.store);
    this.changing = new Changing(this.model);
    this.player = new Player(this);
    this.inspector = new Inspector(this);
    this.editing = new Editing(this);
    this.training = new Training(this);
    /** How many times something has failed: the same may be said again. */
    this.failures = 0;
  }

  get state() {
    return this.store.state;
  }

  // --- opening ------------------------------------------------------------------------------------------------------

  /**
   * Begin with a recipe: the body of POST /sessions.
   * @param {any} recipe
   * @param {number} [sample] the row to show first
   * @returns {Promise<boolean>} false when the server refused it; the state is then as before, with `problem` set
   */
  async open(recipe, sample = 0) {
    return this.move(async () => this.enter(await this.begun(recipe, { sample }), { recipe, sample }));
  }

  /**
   * Begin again with what is made of the state when its turn comes. It is a change as any other: it can be taken back.
   * @param {(state: import("./state.js").State) => import("./trace/change/reshape.js").Beginning | null} make null: nothing is to be done any more
   */
  async beginAgain(make) {
    return this.move(async () => {
      const beginning = make(this.state);
      if (!beginning) return;
      const { recipe, edits, sample = this.state.sample } = beginning;
      const view = await this.begun(recipe, { sample }, { step: 0, edits });
      this.editing.leave(() => this.enter(view, { recipe, edits, sample }));
    });
  }

  /**
   * A new session.
   * @param {any} recipe
   * @param {Partial<import("./api/client.js").Wish>} choice
   * @param {import("./session/path.js").Path} [path] where it is to be brought
   */
  async begun(recipe, choice, path = { step: 0, edits: [] }) {
    const isBeginning = path.step === 0 && path.edits.length === 0;
    return this.model.read(await this.api.createSession(isBeginning ? recipe : { ...recipe, path }, this.model.wishOfAnother(choice, recipe)));
  }

  /**
   * Show a session as it stands.
   * @param {import("./session/model.js").View} view
   * @param {Partial<import("./state.js").State>} choice recipe, and whatever else is not as at a beginning
   */
  enter(view, choice) {
    this.training.stop();
    this.changing.forget();
    this.model.apply(view);
    this.player.show({ edits: [], focus: null, hover: null, isGuided: false, caption: null, mapped: mappedBy(view.map), status: "ready", ...choice });
    this.editing.clear();
    this.player.preview();
  }

  /** Show the session as the server has it now, wherever that is. */
  async showWhereTheSessionIs() {
    this.model.apply(await this.model.fetch({ historyFrom: 1 }));
    this.changing.forget();
    this.arrive();
  }

  /** Show where the session is, after the server has said it. */
  arrive() {
    this.player.show();
    this.player.preview();
  }

  // --- beside the step ----------------------------------------------------------------------------------------------

  /** On a phone: the whole explanation, or its first lines. @param {boolean} isSheetOpen */
  showSheet(isSheetOpen) {
    this.store.set({ isSheetOpen });
  }

  /** Beside the drawing, in the place of the explanation. @param {boolean} isDoctorOpen */
  showDoctor(isDoctorOpen) {
    this.store.set({ isDoctorOpen });
  }

  /** @param {boolean} isSettingsOpen @param {import("./state.js").State["settingsPart"]} [settingsPart] what to begin at */
  showSettings(isSettingsOpen, settingsPart = null) {
    this.store.set({ isSettingsOpen, settingsPart });
  }

  /** Have a table read in the settings. @param {import("./core/brought-file.js").BroughtFile} givenTable */
  openTable(givenTable) {
    this.store.set({ isSettingsOpen: true, settingsPart: null, givenTable });
  }

  /** Say everything in another language; nothing else changes. @param {string} language */
  async setLanguage(language) {
    await this.attempt(async () => {
      speak(language, await textsOf(language));
      remember("language", language);
      this.player.retime();
    });
  }

  /** Write gradients and arrays in another way; the numbers stay. @param {import("./core/notation.js").Notation} notation */
  setNotation(notation) {
    useNotation(notation);
    remember("notation", notation);
  }

  /** @param {import("./core/theme.js").Theme} theme */
  setTheme(theme) {
    useTheme(theme);
    this.player.redraw();
  }

  // --- problems -----------------------------------------------------------------------------------------------------

  dismissProblem() {
    this.store.set({ problem: null });
  }

  /**
   * Do what was pressed, when everything that was pressed before is done.
   * @param {() => unknown} action
   * @returns {Promise<boolean>} whether it was done
   */
  move(action) {
    return this.changing.inTurn(() => this.attempt(action));
  }

  /**
   * Do something that may fail; a failure is said on the page and loses nothing. A success ends what was said before,
   * unless it mends nothing, as the opening of a menu.
   * @param {() => unknown} action
   * @param {boolean} [mends]
   * @returns {Promise<boolean>} whether it was done
   */
  async attempt(action, mends = true) {
    const { failures, state: { problem } } = this;
    try {
      await action();
      if (mends && this.failures === failures && this.state.problem === problem) this.store.set({ problem: null });
      return true;
    } catch (error) {
      const said = await this.recover(error).catch((/** @type {unknown} */ another) => sayingOf(another));
      this.failures++;
      this.store.set({ problem: said, status: this.state.batch ? this.state.status : "failed" });
      return false;
    }
  }

  /** Do what a failure asks for. @param {unknown} error @returns {Promise<string>} what is to be said */
  async recover(error) {
    const { session } = this.state;
    if (!(error instanceof client.Problem) || !session) return sayingOf(error);
    if (error.status === 412) {
      await this.showWhereTheSessionIs();
      return t("problem.stale");
    }
    if (!client.isGone(error)) return sayingOf(error);
    await this.computeAgain(session);
    return t("problem.expired");
  }

  /** The session has expired on the server: its recipe, run to the same step, gives the same numbers. @param {import("./state.js").Session} expired */
  async computeAgain({ step, furthest_step }) {
    const { recipe, edits } = this.state;
    const furthest = await this.begun(recipe, {}, { step: furthest_step, edits });
    const { id } = furthest.session;
    const isThere = step === furthest_step;
    this.model.apply(isThere ? furthest : await this.model.read(await this.api.rewind(id, step, this.model.wish({ historyFrom: 1 }), null)));
    this.changing.forget();
    this.arrive();
  }
}

/** The map that a view has, as views are asked for it. @param {import("./api/view.js").DecisionMap | null} map @returns {(number | "")[] | null} */
const mappedBy = (map) => map && [map.x_feature, map.y_feature ?? "", map.resolution];

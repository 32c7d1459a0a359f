import { csvOf } from "./core/csv.js";
import { currentLanguage, loadLanguage, t } from "./core/i18n.js";
import { languageFor } from "./core/languages.js";
import { currentNotation, useNotation } from "./core/notation.js";
import { BadLink, compact, defaults, fromFile, fromFragment, toFile, toFragment } from "./core/url-state.js";
import { whyMissing } from "./core/version.js";
import { etagOf } from "./session/model.js";
import { bookmarkAt, timeOf } from "./trace/program/bookmark.js";

/**
 * What the page shows as a link and as a file, and back.
 *
 * @typedef {import("./core/url-state.js").Shared} Shared
 * @typedef {import("./playground.js").Playground} Playground
 * @typedef {{id: string, etag: string | null}} Kept a session that may still be as the page left it
 */

/** Own tables have names that only their server knows. */
const OWN = "own-";

export class Sharing {
  /**
   * @param {Playground} playground
   * @param {{recipe: any, sample: number}} lesson what an address without a state opens
   * @param {import("./core/first-view.js").FirstView | null} [came] the view of a lesson that came with the page
   */
  constructor(playground, lesson, came = null) {
    this.playground = playground;
    this.api = playground.api;
    this.lesson = lesson;
    this.came = came;
    /** Own tables that were already asked for. @type {Map<string, import("./core/url-state.js").OwnTable>} */
    this.tables = new Map();
  }

  /** The first minute. @returns {Shared} */
  get first() {
    return { ...defaults(), recipe: this.lesson.recipe, sample: this.lesson.sample };
  }

  /** What is shown, an own table left out unless it was asked for before; null while nothing is. @returns {Shared | null} */
  now() {
    const { state, player: { timeline, clock } } = this.playground;
    // The clock tells nobody of its time; an operation that begins and a unit that arrives say that it has moved.
    const { recipe, batch, isPreview, sample, operation: _begun, arrived: _there, focus, granularity, tab, thumbnails, isTheLongWay } = state;
    if (!recipe || !batch) return null;
    // The current step may have been taken already; what made it is the state before it.
    const step = batch.header.step - 1;
    const edits = state.edits.filter((edit) => edit.step <= step);
    const at = isPreview ? null : bookmarkAt(timeline, clock.position);
    const table = this.tables.get(recipe.dataset?.name) ?? null;
    return { recipe, edits, step, sample, at, focus, granularity, tab, thumbnails, isTheLongWay, language: currentLanguage(), notation: currentNotation(), table };
  }

  /** What is shown, whole. @returns {Promise<Shared | null>} */
  async shared() {
    const { recipe } = this.playground.state;
    if (recipe) await this.loadTable(recipe);
    return this.now();
  }

  /** The fragment of a link; "" for the first minute as it opens, null where there is too much for a link. */
  async fragment() {
    const shared = await this.shared();
    if (!shared) return null;
    return isEqual(compact({ ...shared, language: null, notation: null }), compact(this.first)) ? "" : toFragment(shared);
  }

  /** A link to what is shown; null where there is too much for a link. @returns {Promise<string | null>} */
  async link() {
    const shared = await this.shared();
    const fragment = shared && (await toFragment(shared));
    return fragment && location.origin + location.pathname + fragment;
  }

  /** What is shown as JSON. */
  async file() {
    const shared = await this.shared();
    return shared && { name: `backprop-step-${shared.step + 1}.json`, text: toFile(shared) };
  }

  /** @param {string} text @returns {Promise<boolean>} whether it was opened */
  async openFile(text) {
    return this.tryTo(async () => this.open(fromFile(text)));
  }

  /** @param {string} fragment of the address; without a state it opens the first minute @returns {Promise<boolean>} */
  async openFragment(fragment) {
    return this.tryTo(async () => this.open((await fromFragment(fragment)) ?? { shared: this.first, leftOut: [] }));
  }

  /**
   * Show a state that came from elsewhere, and say what of it had no sense.
   * @param {import("./core/url-state.js").Opened} opened
   */
  async open({ shared, leftOut }) {
    if (!(await this.restore(shared))) return false;
    const names = [...leftOut, ...this.missing(shared)];
    if (names.length > 0) this.playground.store.set({ problem: await import("./core/left-out.js").then(({ leftOutOf }) => leftOutOf(names), whyMissing) });
    return true;
  }

  /** What of a state this step does not have. @param {Shared} shared @returns {string[]} */
  missing({ sample, focus, at }) {
    const { state, player } = this.playground;
    const isMissing = { sample: state.sample !== sample, focus: focus !== null && state.focus === null, at: at !== null && timeOf(player.timeline, at) === null };
    return Object.entries(isMissing).filter(([, is]) => is).map(([name]) => name);
  }

  /**
   * Where a link cannot be opened, a message says so and the page stays as it is.
   * @param {() => Promise<boolean>} action
   */
  async tryTo(action) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof BadLink)) throw error;
      this.playground.store.set({ problem: t(`share.problem.${error.code}`) });
      return false;
    }
  }

  /**
   * Show a state. All that the server has to do is done before anything on the page changes.
   * @param {Shared} shared
   * @param {Kept | null} [kept] the session that had it, to go on with if nobody changed it since
   * @param {() => Partial<import("./state.js").State> | null} [beside] what changes with it, said when it does; null: it is not wanted any more
   * @returns {Promise<boolean>} whether it was done
   */
  async restore(shared, kept = null, beside = () => ({})) {
    const { playground } = this;
    const { step, sample, focus, granularity, tab, thumbnails, isTheLongWay, edits } = shared;
    let isShown = false;
    const isDone = await playground.move(async () => {
      if (!beside()) return;
      await this.speak(shared.language);
      this.write(shared.notation);
      const recipe = await this.recipeOf(shared);
      const view = (kept && (await this.same(kept, recipe, shared))) ?? (await this.firstView(recipe, shared)) ?? (await playground.begun(recipe, { sample, isTheLongWay }, { step, edits }));
      const choice = { granularity: /** @type {any} */ (granularity), tab, thumbnails: /** @type {any} */ (thumbnails), isTheLongWay };
      const changes = beside();
      if (!changes) return;
      playground.enter(view, { ...choice, recipe, sample, edits, problem: null, ...changes });
      isShown = true;
      const ms = shared.at && timeOf(playground.player.timeline, shared.at);
      if (typeof ms === "number") {
        playground.store.set({ isPreview: false });
        playground.player.clock.jumpTo(ms);
      }
      playground.store.set({ focus: focus && this.exists(focus) ? focus : null });
      await playground.model.begin();
    });
    return isDone && isShown;
  }

  /** What came with the page, where it is asked for. @param {any} recipe @param {Shared} shared */
  async firstView(recipe, { step, sample, edits, isTheLongWay }) {
    const { came } = this;
    const isAsked = came !== null && step === 0 && edits.length === 0 && !isTheLongWay && sample === came.sample && isEqual(recipe, came.recipe);
    return isAsked ? this.playground.model.read(came.view) : null;
  }

  /** Use the language of a link, without making it the reader's own. @param {string | null} tag */
  async speak(tag) {
    const language = languageFor([tag]);
    if (tag === null || language === currentLanguage()) return;
    await loadLanguage(language);
  }

  /** Use the notation of a link, without making it the reader's own. @param {Shared["notation"]} notation */
  write(notation) {
    if (notation === null || notation === currentNotation()) return;
    useNotation(notation);
  }

  /** Whether the network has this cell. @param {{tensor: string, index: number[]}} focus */
  exists({ tensor, index }) {
    return this.playground.state.batch?.program.hasCell(tensor, index) ?? false;
  }

  /** The session of before, at this step; null where it is gone or was changed. @param {Kept} kept @param {any} recipe @param {Shared} shared */
  async same({ id, etag }, recipe, shared) {
    const { step, sample, isTheLongWay } = shared;
    const { model } = this.playground;
    // The map of the first view need not come twice.
    const map = (await this.firstView(recipe, { ...shared, isTheLongWay: false }))?.map ?? null;
    const wish = model.wishOfAnother({ sample, isTheLongWay, ...(map ? { map: null } : {}) }, recipe);
    const found = await this.api.getView(id, wish).then((answer) => model.read(answer), () => null);
    if (!found || etagOf(found.session) !== etag) return null;
    return found.session.step === step ? { ...found, map: found.map ?? map } : model.read(await this.api.rewind(id, step, wish, etag));
  }

  /** The recipe, with its own table under the name that this server knows. @param {Shared} shared */
  async recipeOf({ recipe, table }) {
    const name = recipe.dataset?.name;
    if (!table || !name?.startsWith?.(OWN)) return recipe;
    if (await this.api.getDataset(name).then(() => true, () => false)) return recipe;
    const { csv, columns = {}, title } = table;
    const { name: here } = await this.api.addDataset({ csv, columns }, title);
    this.tables.set(here, table);
    return { ...recipe, dataset: { ...recipe.dataset, name: here } };
  }

  /** Have the rows of an own table at hand. @param {any} recipe */
  async loadTable({ dataset }) {
    const name = dataset?.name ?? "";
    if (!name.startsWith(OWN) || this.tables.has(name)) return;
    const { title, feature_names: features, class_names: classes, target_name: target, x, y } = await this.api.getDataset(name);
    const aim = freeName(target ?? "label", features);
    const rows = x.map((/** @type {number[]} */ row, /** @type {number} */ at) => [...row, target === null ? classes[y[at]] : y[at]]);
    // Said, since another server would have to guess again.
    const columns = Object.fromEntries([...features.map((/** @type {string} */ feature) => [feature, "feature"]), [aim, target === null ? "label" : "target"]]);
    this.tables.set(name, { title, columns, csv: csvOf([[...features, aim], ...rows]) });
  }
}

/** @param {unknown} one @param {unknown} other */
const isEqual = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** @param {string} name @param {string[]} taken @returns {string} the name, with underscores where it is taken */
const freeName = (name, taken) => (taken.includes(name) ? freeName(`${name}_`, taken) : name);

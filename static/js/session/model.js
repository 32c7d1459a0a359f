import { Problem } from "../api/client.js";
import { decodeView } from "../api/view.js";
import { useClassNames } from "../core/notation.js";
import { NOT_YET } from "./first-session.js";
import { emptyHistory } from "../state.js";
import { Program } from "../trace/program/program.js";
import { Trace } from "../trace/program/trace.js";

/**
 * @typedef {import("../state.js").State} State
 * @typedef {Omit<import("../api/view.js").View, "frames"> & {batch: Trace, samples: Map<number, Trace>}} View an answer whose programs are known
 * @typedef {import("../api/client.js").Wish} Wish
 */

/**
 * What the page knows of its session. `apply` takes what the server answered: nothing else writes session and history,
 * and nothing else than `show` the frames and their map, which may be of the step before.
 */
export class SessionModel {
  /** @param {typeof import("../api/client.js")} api @param {import("../state.js").PlaygroundStore} store */
  constructor(api, store) {
    this.api = api;
    this.store = store;
    /** The step that was answered and is not shown yet. @type {View | null} */
    this.next = null;
    /** Whether the current step came with all of its samples. */
    this.isComplete = false;
    /** @type {Map<string, Promise<Program>>} */
    this.programs = new Map();
    /** The session of the first view, on its way. @type {Promise<string> | null} */
    this.beginning = null;
  }

  get session() {
    const { session } = this.store.state;
    if (!session) throw new Error("There is no session yet.");
    return session;
  }

  /** Whether the current step has been taken. */
  get isTaken() {
    return this.next !== null;
  }

  /** The version of the session that the page knows, as changes name it. @returns {string | null} */
  get etag() {
    const { session } = this.store.state;
    return session && etagOf(session);
  }

  /** Have a session: the one of the first view is made now. Where that fails, whatever needs it asks again. @returns {Promise<string>} its id */
  async begin() {
    if (this.session.id !== NOT_YET) return this.session.id;
    const { recipe } = this.store.state;
    this.beginning ??= this.api.startSession(recipe).then(({ id, version, expires_at }) => {
      // Another one may have been opened meanwhile.
      if (this.session.id === NOT_YET) this.store.set({ session: { ...this.session, id, version, expires_at } });
      return id;
    });
    return this.beginning.finally(() => (this.beginning = null));
  }

  /** Programs that came with the page, or with a lab, need not be asked for. @param {Record<string, any>} documents by their fingerprint */
  know(documents) {
    for (const [fingerprint, document] of Object.entries(documents)) if (!this.programs.has(fingerprint)) this.programs.set(fingerprint, Promise.resolve(new Program(document)));
  }

  /** What an answer is to hold. @param {Partial<Wish>} [choice] what is to be other than now @returns {Wish} */
  wish(choice) {
    const { sample, isTheLongWay, mapped, session } = this.store.state;
    return { sample, isTheLongWay, map: mapped, historyFrom: (session?.step ?? 0) + 1, ...choice };
  }

  /**
   * What an answer about another session is to hold: all of its curve, and its map.
   * @param {Partial<Wish>} choice
   * @param {any} recipe
   * @returns {Wish}
   */
  wishOfAnother(choice, recipe) {
    return this.wish({ map: planeOf(recipe.model?.inputs), historyFrom: 1, ...choice });
  }

  /** Ask for the session as it is now. @param {Partial<Wish>} [choice] */
  async fetch(choice) {
    return this.read(await this.api.getView(this.session.id, this.wish(choice)));
  }

  /** Have the next step with a sample and a way at hand; the server is asked where they were not answered. @param {{sample?: number, isTheLongWay?: boolean}} [choice] */
  async prepare(choice) {
    const { sample, isTheLongWay } = this.wish(choice);
    const { next } = this;
    const isThere = next?.samples.has(Math.min(sample, next.batch.m - 1)) && isTheLongWay === this.store.state.isTheLongWay;
    if (!isThere) this.apply(await this.fetch(choice));
  }

  /** @param {ArrayBuffer} buffer @returns {Promise<View>} */
  async read(buffer) {
    const { frames, ...view } = decodeView(buffer);
    const [batch, ...samples] = await Promise.all(frames.map(async ({ header, vector }) => new Trace(await this.program(header.program), header, vector)));
    return { ...view, batch, samples: new Map(samples.map((trace) => [/** @type {number} */ (trace.header.scope.sample), trace])) };
  }

  /** @param {ArrayBuffer} buffer of a frame */
  frame(buffer) {
    return Trace.fromFrame(buffer, (fingerprint) => this.program(fingerprint));
  }

  /** @param {string} fingerprint */
  program(fingerprint) {
    let program = this.programs.get(fingerprint);
    if (!program) {
      program = this.api.getProgram(fingerprint).then((document) => new Program(document));
      this.programs.set(fingerprint, program);
      // A program that cannot be had now may be had later.
      program.catch(() => this.programs.delete(fingerprint));
    }
    return program;
  }

  /** Take what the server answered; the current step stays until `show`. @param {View} view */
  apply(view) {
    const { session, history } = this.store.state;
    const isSame = session?.id === view.session.id;
    this.next = view;
    const known = { ...(isSame ? session : null), ...view.session };
    useClassNames(known.dataset?.class_names ?? []);
    this.store.set({
      session: known,
      history: joined(isSame ? history : emptyHistory(), view.history),
      mapAfter: view.map,
    });
  }

  /** Show the step that was answered. @param {Partial<State>} [choice] what changes with it */
  show(choice = {}) {
    const { next } = this;
    if (!next) throw new Error("There is no next step yet.");
    this.next = null;
    const { batch, samples, map } = next;
    this.isComplete = samples.size === batch.m;
    const sample = Math.min(choice.sample ?? this.store.state.sample, batch.m - 1);
    this.store.set({ live: null, ghost: null, map, mapAfter: null, ...choice, sample, batch, samples });
  }

  /**
   * Add to what is known of the current session without changing it: another sample, the same samples the long way, a map. The view may be of the step
   * that the page shows or of the next one.
   * @param {View} view
   * @param {boolean} [isTheLongWay]
   */
  look(view, isTheLongWay = this.store.state.isTheLongWay) {
    if (view.session.version !== this.session.version) throw new Problem(412, { code: "stale_version" });
    const { batch, samples, map, mapAfter, isTheLongWay: before } = this.store.state;
    if (view.step !== batch?.header.step) {
      this.next = view;
      this.store.set({ mapAfter: view.map ?? mapAfter });
      return;
    }
    const kept = isTheLongWay === before ? samples : [];
    this.store.set({ isTheLongWay, samples: new Map([...kept, ...view.samples]), map: view.map ?? map });
  }
}

/** Points along one side of a map: as many as a view may have. */
export const MAP_RESOLUTION = 40;

/** Of more features two say nothing: the pixels of a digit. */
export const MOST_MAPPED = 16;

/** The features across and up that a map of so many shows at first, and its resolution, as views name them; "" for what the server chooses. @param {number | undefined} features @returns {(number | "")[] | null} */
export function planeOf(features) {
  if (!features || features > MOST_MAPPED) return null;
  return [features > 2 ? "" : 0, features === 2 ? 1 : "", MAP_RESOLUTION];
}

/** @param {{version: number}} session */
export const etagOf = ({ version }) => `"${version}"`;

/**
 * The learning curve, which an answer replaces from a step on; where it has been thinned out, so are its older points.
 * @param {import("../state.js").HistoryColumns} known
 * @param {import("../api/view.js").View["history"]} answered
 */
function joined(known, { from, stride, metrics }) {
  const kept = known.step.flatMap((step, at) => (step < from && (step - 1) % stride === 0 ? [at] : []));
  const names = /** @type {(keyof typeof known)[]} */ (Object.keys(known));
  return /** @type {import("../state.js").HistoryColumns} */ (Object.fromEntries(names.map((name) => [name, [...kept.map((at) => known[name][at]), ...metrics[name]]])));
}

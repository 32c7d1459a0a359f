import { Problem } from "../api/client.js";
import { SessionSocket } from "../api/stream.js";
import { t } from "../core/i18n.js";
import { watch } from "../core/watch.js";
import { NOT_YET } from "./first-session.js";

/** @typedef {import("./model.js").View} View */

/** A server that says nothing for so long in mid-training is gone, whether the socket has noticed or not. */
export const SILENCE_MS = 15_000;

/** What a socket's views hold before anything is said. */
const NOTHING_SAID = JSON.stringify({ sample: 0, long_way: false, map: null });

/**
 * Takes steps, one or many, and travels over those that were taken. A training belongs to the session: every page that
 * shows it watches it and may pause it, and what others do to the session is seen here too.
 */
export class Training {
  /** @param {import("../playground.js").Playground} playground */
  constructor(playground) {
    this.playground = playground;
    this.store = playground.store;
    /** @type {SessionSocket | null} */
    this.socket = null;
    /** The session that the socket is on. @type {string | null} */
    this.watched = null;
    /** What its views hold. */
    this.said = NOTHING_SAID;
    /** What was heard and not been looked at. @type {(ArrayBuffer | {type: string, problem?: any})[]} */
    this.news = [];
    /** All that was heard has been looked at. @type {Promise<void>} */
    this.looked = Promise.resolve();
    /** Settled when no training runs and where it has led is shown. @type {Promise<unknown>} */
    this.over = Promise.resolve();
    this.settle = () => {};
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.silence = undefined;
    watch(() => this.follow());
  }

  /** Take the current step. Until the server has answered it is not taken, and the next press takes it. */
  async take() {
    const { api, model, changing, editing } = this.playground;
    const { batch } = this.store.state;
    await changing.findOut();
    if (model.isTaken || !batch || this.store.state.batch !== batch) return;
    const { id, step } = model.session;
    await changing.make({
      send: (wish, etag) => api.takeStep(id, wish, etag),
      isOurs: (found) => found.step === step + 1,
      show: () => editing.clear(),
    });
  }

  /**
   * Go back (or forward again) to the state after k steps.
   * @param {number} step
   */
  rewindTo(step) {
    const { playground } = this;
    return playground.move(async () => {
      await this.end();
      await playground.changing.findOut();
      const { id } = playground.model.session;
      await playground.changing.make({
        send: (wish, etag) => playground.api.rewind(id, step, wish, etag),
        isOurs: (found) => found.step === step,
        show: () => {
          playground.arrive();
          playground.editing.clear();
        },
      });
    });
  }

  // --- many steps ---------------------------------------------------------------------------------------------------

  /** @param {number | null} steps null: until it is paused @param {number | null} [speed] in steps a second; null: all that the engine gives */
  start(steps, speed = null) {
    const { changing, model, player } = this.playground;
    return this.playground.move(async () => {
      if (this.store.state.isTraining) return;
      await changing.findOut();
      this.follow();
      await this.socket?.ready();
      player.clock.pause();
      this.begin();
      this.socket?.send({ type: "train", steps, steps_per_second: speed, version: model.session.version });
    });
  }

  begin() {
    this.store.set({ isTraining: true });
    this.over = new Promise((over) => (this.settle = () => over(null)));
    this.listen();
  }

  /** Stop after the steps in hand; the session stays where it is. */
  pause() {
    this.socket?.send({ type: "pause" });
  }

  /** Stop, and know where the session is. */
  async end() {
    if (this.store.state.isTraining) this.pause();
    await this.over;
  }

  /** It is over: show where it has led. */
  finish() {
    clearTimeout(this.silence);
    this.store.set({ isTraining: false, live: null });
    if (this.playground.model.isTaken) this.playground.arrive();
    this.settle();
  }

  /** Wait for the next news of a training, but not for ever. */
  listen() {
    clearTimeout(this.silence);
    if (this.store.state.isTraining) this.silence = setTimeout(() => this.socket?.drop(), SILENCE_MS);
  }

  // --- what is heard of the session ---------------------------------------------------------------------------------

  /** Watch the session shown, and say what is looked at. */
  follow() {
    const { session } = this.store.state;
    if (!session || session.id === NOT_YET) return;
    if (session.id !== this.watched) {
      this.stop();
      this.watched = session.id;
      this.socket = new SessionSocket(() => this.playground.api.connect(session.id), {
        onOpen: (isAgain) => this.say(isAgain),
        onNews: (news) => this.hear(news),
        onLost: () => void this.lost(),
      });
    }
    this.say(false);
  }

  /** Say what views are to hold. @param {boolean} isAgain whether something may have been missed */
  say(isAgain) {
    const { sample, isTheLongWay, mapped, samples } = this.store.state;
    const isComplete = samples.size > 0 && this.playground.model.isComplete;
    if (!this.socket?.isOpen) return;
    const wish = JSON.stringify({ sample: isComplete ? 0 : sample, long_way: isTheLongWay, map: mapped?.join() ?? null });
    if (wish === this.said && !isAgain) return;
    this.said = wish;
    this.socket.send({ type: "show", ...JSON.parse(wish), history_from: isAgain ? 1 : this.playground.model.session.step + 1 });
  }

  /** Leave the session to itself: another one comes. */
  stop() {
    this.socket?.close();
    this.socket = this.watched = null;
    this.said = NOTHING_SAID;
    this.news = [];
    clearTimeout(this.silence);
    this.store.set({ isTraining: false, live: null });
    this.settle();
  }

  /** @param {ArrayBuffer | {type: string, problem?: any}} news */
  hear(news) {
    this.listen();
    if (this.news.push(news) > 1) return;
    const { socket } = this;
    const look = () => {
      if (socket === this.socket) this.looked = this.looked.then(() => this.look());
    };
    if (news instanceof ArrayBuffer) this.playground.player.clock.withNextFrame(look);
    else look();
  }

  /** Look at all that was heard: each view has points of the learning curve that no other has, the newest is shown. */
  async look() {
    const { model, changing } = this.playground;
    const heard = await Promise.all(this.news.splice(0).map((news) => (news instanceof ArrayBuffer ? model.read(news).catch(() => null) : news)));
    // No pause from here on, so that readers of the state hear of all of it together.
    for (const news of heard) {
      // A view that could not be read is asked for again.
      if (!news) return this.socket?.drop();
      if ("type" in news) this.told(news);
      else {
        this.socket?.send({ type: "seen" });
        if (this.store.state.isTraining) this.show(news);
        else void changing.inTurn(() => this.show(news));
      }
    }
  }

  /** @param {View} view */
  show(view) {
    const { model, changing, editing } = this.playground;
    const { id, version, step } = model.session;
    if (view.session.id !== id || view.session.version <= version) return;
    const isRunning = view.training !== null && !view.training.is_paused;
    const { open } = changing;
    if (open && !isRunning && open.isOurs(view.session)) {
      changing.close(view, open.show);
      return this.playground.dismissProblem();
    }
    changing.forget();
    model.apply(view);
    if (view.session.step !== step) editing.clear();
    if (isRunning && !this.store.state.isTraining) {
      this.playground.player.clock.pause();
      this.begin();
    }
    if (isRunning) this.store.set({ live: view.batch });
    else if (this.store.state.isTraining) this.finish();
    else this.playground.arrive();
  }

  /** @param {{type: string, problem?: any}} message */
  told({ problem }) {
    if (!this.store.state.isTraining) return;
    this.finish();
    if (problem) void this.playground.attempt(() => Promise.reject(new Problem(problem.status, problem)));
  }

  /** The connection broke; in mid-training one has to find out where that has led. */
  async lost() {
    const { playground, store } = this;
    // It hears all that it has missed when it is there again.
    this.news = [];
    if (!store.state.isTraining) return;
    clearTimeout(this.silence);
    playground.changing.begin(() => playground.arrive());
    const isKnown = await playground.attempt(() => playground.changing.findOut());
    this.finish();
    if (isKnown) store.set({ problem: t("problem.training_cut") });
  }
}

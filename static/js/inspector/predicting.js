import { watch } from "../core/watch.js";
import { isRight, questionAt } from "../trace/ask/predict.js";
import { momentAt, stops } from "../trace/program/timeline.js";
import { untracked } from "../vendor/signals.js";

/** @typedef {import("../trace/ask/predict.js").Question} Question */

/** So far into an operation it has begun and nothing of it is there yet, in ms. */
const BEGUN = 1.5;

/** Asks for a number, a sign or a gate before an operation plays. A learner who does not want to answer just goes on. */
export class Predicting {
  /** @param {import("../playground.js").Playground} playground */
  constructor(playground) {
    this.playground = playground;
    /** What was asked for last: it stays marked and explained until one goes on. @type {import("../state.js").Cell | null} */
    this.asked = null;
    /** Whether the whole step is played: after an operation comes the next question. */
    this.goesOn = false;
    this.wasPlaying = false;
    watch(() => this.follow(playground.state));
  }

  /** @param {boolean} isPredicting */
  turn(isPredicting) {
    this.goesOn = false;
    this.playground.store.set({ isPredicting, score: { right: 0, asked: 0, last: null } });
    this.drop();
  }

  /**
   * Ask about the operation that would play now. A question that stands open is skipped.
   * @param {boolean} [goesOn] whether the whole step is to be played
   * @returns {boolean} whether there is a question to be answered first
   */
  asks(goesOn = false) {
    const { store, player: { clock, timeline } } = this.playground;
    const { isPredicting, question: open } = store.state;
    this.goesOn = goesOn && isPredicting;
    this.drop();
    if (!isPredicting || open) return false;
    const { index, operation } = momentAt(timeline, clock.position + 1);
    const question = clock.position < operation.start + 1 ? questionAt(store.state, index) : null;
    if (!question) return false;
    this.asked = question.cell;
    store.set({ question, hidden: question.cell, focus: question.cell });
    clock.jumpTo(operation.start + BEGUN);
    return true;
  }

  /** How far Play plays: with questions, to the next one. */
  get goal() {
    return this.playground.state.isPredicting ? this.playground.player.nextStop() : this.playground.player.timeline.duration;
  }

  /** @param {string} given a choice, or a number as it was typed */
  answer(given) {
    const { store } = this.playground;
    const { question, score } = store.state;
    if (!question) return;
    const last = { given, isRight: isRight(question, given), kind: question.kind, value: question.value };
    store.set({ score: { right: score.right + Number(last.isRight), asked: score.asked + 1, last } });
    this.goOn();
  }

  /** See without an answer; it does not count. */
  skip() {
    this.playground.store.set({ score: { ...this.playground.state.score, last: null } });
    this.goOn();
  }

  goOn() {
    const { question } = this.playground.state;
    this.playground.store.set({ question: null, hidden: null });
    this.playground.player.clock.runTo(question ? this.stopWith(question) : this.playground.player.nextStop());
  }

  /** Where what was asked for is seen: by neuron, that takes several stops. @param {import("../trace/ask/predict.js").Question} question */
  stopWith({ operation: index, cell }) {
    const { timeline, clock } = this.playground.player;
    const { start, motion, units } = timeline.operations[index];
    const arrival = timeline.granularity === "neuron" ? start + (((cell.index.at(-1) ?? 0) + 1) / units) * motion : 0;
    return stops(timeline).find((stop) => stop > Math.max(clock.position + 1, arrival - 1)) ?? timeline.duration;
  }

  /** No question stands open. */
  drop() {
    const { focus } = this.playground.state;
    this.playground.store.set({ question: null, hidden: null, focus: focus === this.asked ? null : focus });
    this.asked = null;
  }

  /** @param {import("../state.js").State} state */
  follow({ question, operation, batch, sample, isTraining, isPlaying }) {
    const isElsewhere = question && (question.operation !== operation || question.batch !== batch || question.sample !== sample);
    const hasStopped = this.wasPlaying && !isPlaying;
    this.wasPlaying = isPlaying;
    untracked(() => {
      if (isElsewhere || (question && isTraining)) this.drop();
      if (hasStopped && !question) this.goOnAsking();
    });
  }

  /** Where the whole step is played, ask at its next operation. */
  goOnAsking() {
    const { player, state } = this.playground;
    const { clock } = player;
    if (!this.goesOn || clock.position !== clock.goal || clock.position >= (state.timeline?.duration ?? 0)) return;
    if (!this.asks(true)) clock.runTo(player.nextStop());
  }
}

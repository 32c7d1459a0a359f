import { isGone } from "../api/client.js";
import { NOT_YET } from "./first-session.js";
import { movesRows, withEdit } from "./path.js";

/** Between two changes of a drag: every change is remembered by the session, and it remembers so many only. */
const PAUSE_MS = 40;

/**
 * A change of the session and the change that takes it back, both bodies of PATCH.
 * @typedef {{forward: any, back: any, key: string, future?: Path | null}} Change key: what is changed, so that a drag is one change; future: what it has cut off
 * @typedef {import("./path.js").Path} Path
 *
 * A session that was left for another one, and that one.
 * @typedef {{back: LeftSession, forward: LeftSession}} Leaving
 * @typedef {Pick<import("../state.js").State, "recipe" | "edits" | "sample"> & {id: string, step: number}} LeftSession a session, and how to come to it should it be gone
 */

/** Changes of the session shown, with undo and redo. A step taken ends what can be undone: time travel takes over. */
export class Editing {
  /** @param {import("../playground.js").Playground} playground */
  constructor(playground) {
    this.playground = playground;
    /** @type {(Change | Leaving)[]} */
    this.done = [];
    /** @type {(Change | Leaving)[]} */
    this.undone = [];
    /** Whether the next change goes on with the one before it. */
    this.isDragging = false;
    /** The change that waits while another is on its way: of a drag only the newest counts. @type {{change: Change} | null} */
    this.waiting = null;
    /** When the last change was answered, as performance.now(). */
    this.answeredAt = -PAUSE_MS;
  }

  /** Nothing is left to undo. */
  clear() {
    this.done = [];
    this.undone = [];
    this.tell();
  }

  /** A slider is dragged: it goes as far as when the drag began. @param {import("../state.js").State["reach"]} reach null: it was let go */
  hold(reach) {
    this.isDragging = reach !== null;
    this.playground.store.set({ reach });
  }

  /**
   * The slider stays where the hand has put it while answers of earlier places arrive: the next press of a key goes on from there.
   * @param {string} of what it changes
   * @param {number} value
   * @param {Promise<void>} made its change
   */
  slide(of, value, made) {
    const { store } = this.playground;
    const slid = { of, value };
    store.set({ slid });
    void made.finally(() => store.state.slid === slid && store.set({ slid: null }));
  }

  tell() {
    const { store, state } = this.playground;
    const last = this.done.at(-1);
    const future = last && "key" in last ? last.future : null;
    store.set({ undoable: this.done.length, redoable: this.undone.length, cutSteps: future ? future.step - (state.session?.step ?? 0) : 0 });
  }

  /**
   * @param {Change} change
   * @param {boolean} isContinuing whether it goes on with the change before it, as in a drag
   */
  async make(change, isContinuing = false) {
    if (isContinuing && this.waiting?.change.key === change.key) this.waiting.change = { ...this.waiting.change, forward: change.forward };
    else {
      const waiting = (this.waiting = { change });
      void this.playground.changing.inTurn(() => this.send(waiting, isContinuing));
    }
    await this.playground.changing.last;
  }

  /**
   * Change the session where it is; the current step is computed again, and what it was stays as a ghost.
   * @param {any} patch body of PATCH
   * @param {{ghost?: import("../state.js").State["ghost"], future?: Path | null, onDone?: () => void}} [options] the ghost, where it is not what is shown;
   *   steps that are to be there again afterwards; called when it was done
   * @returns {Promise<boolean>} whether it was done
   */
  patch(patch, { ghost = this.playground.state.samples, future = null, onDone = () => {} } = {}) {
    const { api, model, player, changing, training, store } = this.playground;
    return this.playground.attempt(async () => {
      await training.end();
      const key = JSON.stringify(patch);
      if ((await changing.findOut())?.key === key) return;
      const { id, step } = model.session;
      const wasTaken = model.isTaken;
      await changing.make({
        key,
        send: (wish, etag) => api.patchSession(id, future ? { ...patch, future } : patch, wish, etag),
        isOurs: (found) => found.step === step && holds(found, patch),
        show: () => {
          // A change after a rewind cuts the future, and with it the edits that were made there.
          const kept = store.state.edits.filter((edit) => edit.step <= step);
          // The numbers of another step, or of another row, are not what these were.
          const isSameStep = !wasTaken && !movesRows(patch);
          player.show({ edits: [...withEdit(kept, { step, patch }), ...(future?.edits ?? [])], ghost: isSameStep ? ghost : null });
          onDone();
          if (wasTaken) player.preview();
          else player.redraw();
        },
      });
    });
  }

  /** @param {{change: Change}} waiting @param {boolean} isContinuing */
  async send(waiting, isContinuing) {
    const pause = this.answeredAt + PAUSE_MS - performance.now();
    if (pause > 0) await new Promise((done) => setTimeout(done, pause));
    if (this.waiting === waiting) this.waiting = null;
    const { change } = waiting;
    const before = this.done.at(-1);
    const begun = isContinuing && before && "key" in before && before.key === change.key ? before : null;
    const { future } = this;
    await this.patch(change.forward, {
      // The numbers that a drag has made on its way are not those before it.
      ghost: begun ? this.playground.state.ghost : undefined,
      onDone: () => {
        if (begun) begun.forward = change.forward;
        else this.done.push({ ...change, future });
        this.undone = [];
        this.tell();
      },
    });
    this.answeredAt = performance.now();
  }

  undo() {
    return this.playground.changing.inTurn(() => this.move(this.done, this.undone, "back"));
  }

  redo() {
    return this.playground.changing.inTurn(() => this.move(this.undone, this.done, "forward"));
  }

  /** What is shown now. @returns {LeftSession} */
  get place() {
    const { session, recipe, edits, sample } = this.playground.state;
    return { id: session?.id ?? NOT_YET, step: session?.step ?? 0, recipe, edits, sample };
  }

  /** Leave the session shown for another one. @param {() => void} enter */
  leave(enter) {
    const { done, place: back } = this;
    enter();
    this.done = [...done, { back, forward: this.place }];
    this.tell();
  }

  /** Show a session that was left. @param {LeftSession} place */
  async goBackTo({ id, step, recipe, edits, sample }) {
    const { api, model } = this.playground;
    const again = () => this.playground.begun(recipe, { sample }, { step, edits: [...edits] });
    const kept = () => api.getView(id, model.wishOfAnother({ sample }, recipe)).then((answer) => model.read(answer));
    // One that was never made, or that the server has given up, has the same numbers when it is made again.
    const view = id === NOT_YET ? await again() : await kept().catch((error) => (isGone(error) ? again() : Promise.reject(error)));
    const { done, undone } = this;
    this.playground.enter(view, { recipe, edits, sample });
    Object.assign(this, { done, undone });
  }

  /** @param {(Change | Leaving)[]} from @param {(Change | Leaving)[]} to @param {"back" | "forward"} way */
  async move(from, to, way) {
    const change = from.at(-1);
    if (!change) return;
    const onDone = () => {
      from.pop();
      to.push(change);
      this.tell();
    };
    if (!("key" in change)) {
      await this.playground.attempt(async () => {
        await this.goBackTo(change[way]);
        onDone();
      });
      return;
    }
    // The steps that it has cut off come back with it.
    await this.patch(change[way], { future: way === "back" ? change.future : null, onDone });
  }

  /** What a change would cut off now. @returns {Path | null} */
  get future() {
    const { session, edits } = this.playground.state;
    if (!session || session.furthest_step <= session.step) return null;
    return { step: session.furthest_step, edits: edits.filter(({ step }) => step > session.step) };
  }
}

/** Whether a session has the numbers that a patch gives it. @param {any} session @param {any} patch */
const holds = ({ parameters, optimizer }, patch) =>
  [[parameters, patch.parameters], [optimizer, patch.optimizer]].every(([all, part]) =>
    Object.entries(part ?? {}).every(([name, value]) => JSON.stringify(all?.[name]) === JSON.stringify(value)));

import * as client from "./api/client.js";

/** Between two changes of a drag: every change is remembered by the session, and it remembers so many only. */
const PAUSE_MS = 40;

/** Steps of one request when a run is computed anew. */
const MOST_STEPS_AT_ONCE = 1000;

/**
 * A change of the session and the change that takes it back, both bodies of PATCH.
 * @typedef {{forth: any, back: any, key: string, future?: Future | null}} Change key: what is changed, so that a drag is one change
 * @typedef {{step: number, patch: any}} Edit
 * @typedef {{step: number, edits: Edit[]}} Future steps that were taken before a rewind, up to this one, and the edits made on the way
 */

/** Changes of the session on show, with undo and redo. A step taken ends what can be undone: time travel takes over. */
export class Editing {
  /** @param {import("./playground.js").Playground} playground */
  constructor(playground) {
    this.playground = playground;
    /** @type {Change[]} */
    this.done = [];
    /** @type {Change[]} */
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

  tell() {
    const { store, state } = this.playground;
    const future = this.done.at(-1)?.future;
    store.set({ undoable: this.done.length, redoable: this.undone.length, cutSteps: future ? future.step - (state.session?.step ?? 0) : 0 });
  }

  /**
   * @param {Change} change
   * @param {boolean} isContinuing whether it goes on with the change before it, as in a drag
   */
  async make(change, isContinuing = false) {
    if (isContinuing && this.waiting?.change.key === change.key) this.waiting.change = { ...this.waiting.change, forth: change.forth };
    else {
      const waiting = (this.waiting = { change });
      void this.playground.changing.inTurn(() => this.send(waiting, isContinuing));
    }
    await this.playground.changing.last;
  }

  /** @param {{change: Change}} waiting @param {boolean} isContinuing */
  async send(waiting, isContinuing) {
    const pause = this.answeredAt + PAUSE_MS - performance.now();
    if (pause > 0) await new Promise((done) => setTimeout(done, pause));
    if (this.waiting === waiting) this.waiting = null;
    const { change } = waiting;
    const before = this.done.at(-1);
    const begun = isContinuing && before?.key === change.key ? before : null;
    const { future } = this;
    await this.playground.patch(change.forth, {
      // What a drag has made of the numbers on its way is not what they were.
      ghost: begun ? this.playground.state.ghost : undefined,
      onDone: () => {
        if (begun) begun.forth = change.forth;
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
    return this.playground.changing.inTurn(() => this.move(this.undone, this.done, "forth"));
  }

  /** @param {Change[]} from @param {Change[]} to @param {"back" | "forth"} way */
  async move(from, to, way) {
    const change = from.at(-1);
    if (!change) return;
    const onDone = () => {
      from.pop();
      to.push(change);
      this.tell();
    };
    if ((await this.playground.patch(change[way], { onDone })) && way === "back" && change.future) await this.restore(change.future);
  }

  /** Take the steps again that a change had cut off, and stay where the session is. @param {Future} future */
  async restore({ step, edits }) {
    const { playground } = this;
    const { api, changing } = playground;
    await playground.attempt(async () => {
      const { id, step: now } = playground.session;
      changing.begin((answer) => playground.showWhereTheSessionIs(answer));
      await replay(id, edits, step, now, api);
      const { session, etag } = await api.rewind(id, now, null);
      const { metrics } = await api.getHistory(id);
      playground.etag = etag;
      playground.store.set({ session, history: metrics, edits: [...playground.state.edits, ...edits] });
      changing.forget();
    });
  }

  /** What a change would cut off now. @returns {Future | null} */
  get future() {
    const { session, edits } = this.playground.state;
    if (!session || session.furthest_step <= session.step) return null;
    return { step: session.furthest_step, edits: edits.filter(({ step }) => step > session.step) };
  }
}

/** What a patch changes, without the numbers. @param {any} patch */
const signature = (patch) => JSON.stringify(patch, (key, value) => (typeof value === "number" && key !== "row" ? 0 : value));

/** Whether a row of the batch is another one after a patch. @param {any} patch */
export const movesRows = (patch) => Boolean(patch.data?.add || patch.data?.remove || "batch_size" in patch);

/**
 * The edits with one more; of two that follow each other at one step and change the same, the later counts alone.
 * @param {Edit[]} edits
 * @param {Edit} edit
 */
export function withEdit(edits, edit) {
  const last = edits.at(-1);
  const isSame = last?.step === edit.step && !movesRows(edit.patch) && signature(last.patch) === signature(edit.patch);
  return [...(isSame ? edits.slice(0, -1) : edits), edit];
}

/**
 * Bring a session to a step, with the edits that were made on the way.
 * @param {string} id
 * @param {Edit[]} edits
 * @param {number} step
 * @param {number} [taken] steps that the session has taken
 * @param {typeof client} [api]
 */
export async function replay(id, edits, step, taken = 0, api = client) {
  const goTo = async (/** @type {number} */ goal) => {
    for (; taken < goal; taken = Math.min(goal, taken + MOST_STEPS_AT_ONCE)) await api.train(id, Math.min(goal - taken, MOST_STEPS_AT_ONCE));
  };
  for (const edit of edits) {
    await goTo(edit.step);
    await api.patchSession(id, edit.patch, null);
  }
  await goTo(step);
}

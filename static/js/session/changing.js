import { Problem } from "../api/client.js";

/**
 * A move: a change of the session, how it is sent, how one knows it again in what the server has, and what the page does with it.
 *
 * @typedef {import("../state.js").Session} Session
 * @typedef {import("./model.js").View} View
 * @typedef {object} Move
 * @property {(wish: import("../api/client.js").Wish, etag: string | null) => Promise<ArrayBuffer>} send
 * @property {(found: Session) => boolean} isOurs whether a session one version later looks as this change leaves it
 * @property {(view: View) => unknown} show
 * @property {string} [key] what was pressed: pressed again after its answer got lost, it is not done twice
 */

/**
 * Changes the session, one move after the other. A change stays open until its outcome is shown: where an answer
 * got lost, the session's version tells what came of it, at once or when the server can be asked again.
 */
export class Changing {
  /** @param {import("./model.js").SessionModel} model */
  constructor(model) {
    this.model = model;
    /** Everything that was pressed so far has been done. @type {Promise<unknown>} */
    this.last = Promise.resolve();
    /** The change whose outcome is not shown yet, and the version it was made from. @type {(Omit<Move, "send"> & {version: number}) | null} */
    this.open = null;
    /** The version from which a change was sent whose answer got lost: it may still arrive at the server. @type {number | null} */
    this.doubted = null;
  }

  /**
   * Do something when everything that was pressed before is done.
   * @template T
   * @param {() => T | Promise<T>} action must not wait for a turn of its own
   * @returns {Promise<T>}
   */
  inTurn(action) {
    const turn = this.last.then(action);
    this.last = turn.catch(() => {});
    return turn;
  }

  /** Everything that was pressed is done, and known as far as the server can be asked. */
  settle() {
    return this.inTurn(() => this.findOut().catch(() => null));
  }

  /** Make a change and show it, when the outcome of the one before is known. @param {Move} move */
  async make({ send, isOurs, show, key }) {
    const { model } = this;
    const { version } = model.session;
    this.open = { version, isOurs: (found) => found.version === version + 1 && isOurs(found), show, key };
    let answer;
    try {
      answer = await send(model.wish(), model.etag);
    } catch (error) {
      const isLost = !(error instanceof Problem) || error.code === "unknown" || (error.status === 412 && this.doubted === version);
      if (!isLost) this.open = null;
      else this.doubted = version;
      if (isLost && (await this.findOut())) return;
      throw error;
    }
    this.close(await model.read(answer), show);
  }

  /** Everything that happens to the session from here on is this page's doing; `show` shows where it ends. @param {(view: View) => unknown} show */
  begin(show) {
    this.open = { version: this.model.session.version, isOurs: () => true, show };
  }

  /** Another session is shown. */
  forget() {
    this.open = this.doubted = null;
  }

  /**
   * Find out what came of the change that is still open.
   * @returns {Promise<{key?: string} | null>} the change, if it was done and is shown now
   * @throws {Problem} 412 where somebody else has changed the session
   */
  async findOut() {
    await this.model.begin();
    if (!this.open) return null;
    const { version, isOurs, show, key } = this.open;
    const { model } = this;
    const found = await model.fetch({ historyFrom: 1 });
    if (found.session.version === version) {
      this.open = null;
      return null;
    }
    if (!isOurs(found.session)) throw new Problem(412, { code: "stale_version" });
    this.close(found, show);
    return { key };
  }

  /** @param {View} view @param {(view: View) => unknown} show */
  close(view, show) {
    this.model.apply(view);
    show(view);
    this.open = null;
  }
}

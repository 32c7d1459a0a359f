import { Problem } from "./api/client.js";

/**
 * A change of the session: how it is sent, how one knows it again in what the server has, and what the page does with it.
 *
 * @typedef {import("./state.js").Session} Session
 * @typedef {{session?: Session, etag: string | null}} Answer
 * @typedef {object} Change
 * @property {(etag: string | null) => Promise<Answer>} send
 * @property {(found: Session) => boolean} isOurs whether a session one version later looks as this change leaves it
 * @property {(answer: Answer) => unknown} show
 */

/**
 * Changes the session, one move after the other. A change stays open until its outcome is shown: where an answer
 * got lost, the session's version tells what came of it, at once or when the server can be asked again.
 */
export class Changing {
  /** @param {import("./playground.js").Playground} playground */
  constructor(playground) {
    this.playground = playground;
    /** Everything that was pressed so far has been done. @type {Promise<unknown>} */
    this.last = Promise.resolve();
    /** The change whose outcome is not shown yet, and the version it was made from. @type {{etag: string | null, isOurs: (found: Session, etag: string | null) => boolean, show: (answer: any) => unknown} | null} */
    this.open = null;
    /** The version from which a change was sent whose answer got lost: it may still arrive at the server. @type {string | null} */
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
    return this.inTurn(() => this.findOut().catch(() => {}));
  }

  /** Make a change and show it, when the outcome of the one before is known. @param {Change} change */
  async make({ send, isOurs, show }) {
    const { etag } = this.playground;
    this.open = { etag, isOurs: (found, version) => version === following(etag) && isOurs(found), show };
    let answer;
    try {
      answer = await send(etag);
    } catch (error) {
      const isLost = !(error instanceof Problem) || error.code === "unknown" || (error.status === 412 && etag !== null && this.doubted === etag);
      if (!isLost) this.open = null;
      else this.doubted = etag;
      if (isLost && (await this.findOut())) return;
      throw error;
    }
    await show(answer);
    this.open = null;
  }

  /** Everything that happens to the session from here on is this page's doing; `show` shows where it ends. @param {(answer: any) => unknown} show */
  begin(show) {
    this.open = { etag: this.playground.etag, isOurs: () => true, show };
  }

  /** Another session is shown. */
  forget() {
    this.open = this.doubted = null;
  }

  /**
   * Find out what came of the change that is still open.
   * @returns {Promise<boolean>} whether it was done, and is shown now
   * @throws {Problem} 412 where somebody else has changed the session
   */
  async findOut() {
    if (!this.open) return false;
    const { etag, isOurs, show } = this.open;
    const { api, session } = this.playground;
    const found = await api.getSession(session.id);
    if (found.etag === etag) {
      this.open = null;
      return false;
    }
    if (!isOurs(found.session, found.etag)) throw new Problem(412, { code: "stale_version" });
    await show(found);
    this.open = null;
    return true;
  }
}

/** The version after one change. @param {string | null} etag */
const following = (etag) => etag && `"${Number(etag.replaceAll('"', "")) + 1}"`;

import { modesOf } from "./core/modes.js";
import { watch } from "./core/watch.js";
import { BadLink, fromFragment, read } from "./core/url-state.js";
import { sceneOf } from "./labs.js";

/**
 * Keeps the address in step with what is shown, so that it can be copied and a reload comes back.
 * The tab's own entry also remembers the session: a reload goes on with it, while a copied link makes its own.
 *
 * @typedef {import("./sharing.js").Shared} Shared
 * @typedef {{shared: Shared, kept: import("./sharing.js").Kept | null, hasPlayed: boolean, fragment: string}} Entry
 *
 * In a lab the address names the lab and its scene; the state stands behind it only when somebody has gone own ways.
 */

/** The address follows when nothing has changed for so long. */
const QUIET_MS = 300;

export class Address {
  /** @param {import("./sharing.js").Sharing} sharing @param {import("./labs.js").Labs} labs */
  constructor(sharing, labs) {
    this.sharing = sharing;
    this.labs = labs;
    this.playground = sharing.playground;
    this.timer = 0;
    /** Whether the address holds a link that could not be opened: it stays in the history, to go back to. */
    this.isRefused = false;
    /** What the tab's entry is about, in a word; null while another is on its way. @type {string | null} */
    this.shown = null;
  }

  /** Show what the address asks for; where that fails, say why and show the first minute. */
  async open() {
    if (await this.show()) return this.playground.store.set({ hasPlayed: entryNow()?.hasPlayed ?? false });
    const { problem } = this.playground.state;
    this.isRefused = location.hash !== "" || modesOf(location.search).lab !== null;
    if (this.isRefused) await this.sharing.restore(this.sharing.first);
    this.playground.store.set({ problem });
  }

  /** From now on the address follows the page, and the page the address. */
  follow() {
    watch(() => this.canBeWritten() && this.entry() && this.later());
    addEventListener("popstate", () => void this.go());
    addEventListener("pagehide", () => this.remember(location.hash, false));
    this.later();
  }

  /** Somebody put another link into the address, or went back to what was shown before. */
  async go() {
    clearTimeout(this.timer);
    this.isRefused = !(await this.show());
  }

  /** Show what the tab's entry remembers, or the address asks for. @returns {Promise<boolean>} whether it could be done */
  async show() {
    this.shown = null;
    const isOpened = await this.restore();
    this.shown = this.about();
    return isOpened;
  }

  /** @returns {Promise<boolean>} */
  async restore() {
    const { lab } = modesOf(location.search);
    const entry = entryNow();
    if (!lab) this.labs.leave();
    else if (!(await this.labs.enter(lab.id, lab.scene))) return this.isInAnotherOne();
    else if (location.hash === "") return true;
    return entry ? this.sharing.restore(entry.shared, entry.kept) : this.sharing.openFragment(location.hash);
  }

  /** Whether somebody has gone to another lab or scene before this one was there: then nothing was refused. */
  isInAnotherOne() {
    const { lab, problem } = this.playground.state;
    return lab !== null && problem === null;
  }

  /** What is shown, so that something else gets an entry of its own. */
  about() {
    const { session, lab } = this.playground.state;
    return lab ? JSON.stringify([lab.lab.id, lab.at, lab.isWandering]) : (session?.id ?? null);
  }

  canBeWritten() {
    const { isPlaying, isTraining, status } = this.playground.state;
    return !isPlaying && !isTraining && status === "ready";
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.write(), QUIET_MS);
  }

  /** Write what is shown into the address, at once. */
  async write() {
    clearTimeout(this.timer);
    if (!this.canBeWritten()) return;
    const { lab } = this.playground.state;
    const fragment = lab && !lab.isWandering ? "" : await this.sharing.fragment();
    const about = this.about();
    const isNewBeginning = this.shown !== null && about !== this.shown;
    this.shown = about;
    this.remember(fragment ?? "", this.isRefused || isNewBeginning);
    this.isRefused = false;
  }

  /** What the tab remembers of what is shown. */
  entry() {
    const { session, hasPlayed, isPresenting, lab } = this.playground.state;
    return { shared: this.sharing.now(), kept: session?.id ? { id: session.id, etag: this.playground.model.etag } : null, hasPlayed, isPresenting, lab };
  }

  /**
   * @param {string} fragment "" for the first minute, and for what is too large for a link
   * @param {boolean} isToGoBack whether the entry before stays in the history, to go back to
   */
  remember(fragment, isToGoBack) {
    const { isPresenting, lab, ...entry } = { ...this.entry(), fragment };
    const address = location.pathname + searchFor(isPresenting, lab) + fragment;
    if (isToGoBack) history.pushState(entry, "", address);
    else history.replaceState(entry, "", address);
  }
}

/** The entry of this tab, where the address is still the one that it was written for. @returns {Entry | null} */
function entryNow() {
  const entry = /** @type {Entry | null} */ (history.state);
  if (!entry?.shared || entry.fragment !== location.hash) return null;
  try {
    // An older version of the page may have written it.
    return { ...entry, shared: read(entry.shared).shared };
  } catch (error) {
    if (!(error instanceof BadLink)) throw error;
    return null;
  }
}

/** The language that the address asks for. @returns {Promise<string | null>} */
export async function languageOfAddress() {
  const shared = entryNow()?.shared ?? (await fromFragment(location.hash).catch(() => null))?.shared;
  return shared?.language ?? null;
}

/**
 * The query of the address, which says too whether the page is shown to a class, and which scene of a lab is.
 * @param {boolean} isPresenting
 * @param {import("./state.js").LabState | null} lab
 */
function searchFor(isPresenting, lab) {
  const query = new URLSearchParams(location.search);
  const { isPresenting: isSaid } = modesOf(location.search);
  /** @type {Record<string, string | null>} */
  const wanted = { lab: lab && lab.lab.id, scene: lab && sceneOf(lab), ...(isPresenting === isSaid ? {} : { present: isPresenting ? "1" : null }) };
  const others = Object.entries(wanted).filter(([name, value]) => query.get(name) !== value);
  if (others.length === 0) return location.search;
  for (const [name, value] of others) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  return query.size > 0 ? `?${query}` : "";
}

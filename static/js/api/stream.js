import { PATIENCE_MS, Problem } from "./client.js";

/** A connection that broke is tried again after about so long, every time twice as long, up to the longest pause. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * The page's one socket on a session: views arrive after every change of any page, and the session can be trained
 * (server/training/watcher.py). It comes back by itself; a page without it asks for what it needs.
 *
 * @typedef {object} Listeners
 * @property {(isAgain: boolean) => void} onOpen whether there was a connection before
 * @property {(news: ArrayBuffer | {type: string, problem?: any}) => void} onNews a view, or a message
 * @property {() => void} onLost
 */
export class SessionSocket {
  /** @param {() => WebSocket} connect @param {Listeners} listeners */
  constructor(connect, listeners) {
    this.connect = connect;
    this.listeners = listeners;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.hearing = new AbortController();
    this.pause = FIRST_PAUSE_MS;
    this.wasOpen = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** Who waits for the connection. @type {{resolve: (isOpen?: any) => void, reject: (error: unknown) => void}[]} */
    this.waiting = [];
    /** Why the server lets nobody in. @type {Problem | null} */
    this.refusal = null;
    this.open();
  }

  get isOpen() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  open() {
    clearTimeout(this.timer);
    const socket = (this.socket = this.connect());
    socket.binaryType = "arraybuffer";
    this.refusal = null;
    this.hearing = new AbortController();
    const { signal } = this.hearing;
    socket.addEventListener("open", () => {
      const isAgain = this.wasOpen;
      this.wasOpen = true;
      this.waiting.splice(0).forEach(({ resolve }) => resolve());
      this.listeners.onOpen(isAgain);
    }, { signal });
    socket.addEventListener("message", ({ data }) => {
      const news = data instanceof ArrayBuffer ? data : JSON.parse(data);
      if (news.type === "problem") this.refusal = new Problem(news.problem.status, news.problem);
      else this.pause = FIRST_PAUSE_MS;
      this.listeners.onNews(news);
    }, { signal });
    socket.addEventListener("close", () => this.drop(), { signal });
  }

  /** Wait until it is connected, trying at once. @returns {Promise<void>} */
  ready() {
    if (this.isOpen) return Promise.resolve();
    if (!this.socket) this.open();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.drop(), PATIENCE_MS);
      const settled = (/** @type {(value: any) => void} */ settle) => (/** @type {any} */ value) => {
        clearTimeout(timer);
        settle(value);
      };
      this.waiting.push({ resolve: settled(resolve), reject: settled(reject) });
    });
  }

  /** @param {object} message */
  send(message) {
    if (this.isOpen) this.socket?.send(JSON.stringify(message));
  }

  /** The connection is lost, or taken to be. */
  drop() {
    this.leave();
    this.waiting.splice(0).forEach(({ reject }) => reject(this.refusal ?? new TypeError("The socket could not be opened.")));
    // Not all pages at the same moment, when a server is back.
    this.timer = setTimeout(() => this.open(), this.pause * (0.5 + Math.random()));
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE_MS);
    this.listeners.onLost();
  }

  /** End it for good. */
  close() {
    this.leave();
    clearTimeout(this.timer);
  }

  leave() {
    this.hearing.abort();
    this.socket?.close();
    this.socket = null;
  }
}

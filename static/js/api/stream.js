import { t } from "../core/i18n.js";
import { Problem } from "./client.js";
import { sentenceOf } from "./problem-text.js";

/** A training is shown in this many parts, each at least so long: a small network would be done before one sees it. */
const PARTS = 60;
const PART_MS = 45;

/** A server that says nothing for so long in mid-training is gone, whether the socket has noticed or not. */
export const SILENCE_MS = 15_000;

/** A live training over a WebSocket. Frames are binary; metrics, done and problem are JSON (server/streaming.py). */
export class TrainingStream {
  /**
   * @param {string} address of the session's stream
   * @param {{onFrame: (buffer: ArrayBuffer) => void, onMetrics: (metrics: any) => void, onEnd: (problem: string | null) => void}} listeners
   *   the end has a problem where nobody asked for it
   */
  constructor(address, { onFrame, onMetrics, onEnd }) {
    this.socket = new WebSocket(address);
    this.socket.binaryType = "arraybuffer";
    this.onEnd = onEnd;
    this.left = 0;
    this.part = 1;
    /** Whether the server is at work on a part. */
    this.isAtWork = false;
    this.isStopping = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.silence = undefined;
    /** What comes after the end is not heard. */
    this.hearing = new AbortController();
    const { signal } = this.hearing;
    this.socket.addEventListener("message", ({ data }) => {
      this.listen();
      if (data instanceof ArrayBuffer) return onFrame(data);
      const message = JSON.parse(data);
      if (message.type === "metrics") onMetrics(message.metrics);
      if (message.type === "done") this.partDone();
      if (message.type === "paused") this.end(null);
      if (message.type === "problem") this.end(sentenceOf(new Problem(message.problem.status, message.problem)));
    }, { signal });
    this.socket.addEventListener("close", () => this.end(t("problem.training_cut")), { signal });
    this.listen();
  }

  /** Wait for the next message, but not for ever. */
  listen() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.end(t("problem.training_cut")), SILENCE_MS);
  }

  /** @param {number} steps */
  train(steps) {
    this.left = steps;
    this.part = Math.ceil(steps / PARTS);
    if (this.socket.readyState === WebSocket.OPEN) this.sendPart();
    else this.socket.addEventListener("open", () => this.sendPart(), { once: true });
  }

  sendPart() {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.sentAt = performance.now();
    this.isAtWork = true;
    this.socket.send(JSON.stringify({ type: "train", steps: Math.min(this.part, this.left), frames_per_second: 30, dtype: "float32" }));
  }

  partDone() {
    this.left -= this.part;
    this.isAtWork = false;
    if (this.left <= 0 || this.isStopping) return this.end(null);
    setTimeout(() => this.sendPart(), Math.max(0, PART_MS - (performance.now() - (this.sentAt ?? 0))));
  }

  /** @param {string | null} problem */
  end(problem) {
    const { onEnd } = this;
    this.close();
    onEnd(problem);
  }

  /** End the training when the server has stopped: after that nothing changes the session any more. */
  stop() {
    if (!this.isAtWork || this.socket.readyState !== WebSocket.OPEN) return this.end(null);
    this.isStopping = true;
    this.socket.send(JSON.stringify({ type: "pause" }));
  }

  /** End it and tell nobody. */
  close() {
    this.onEnd = () => {};
    this.hearing.abort();
    clearTimeout(this.silence);
    this.socket.close();
  }
}

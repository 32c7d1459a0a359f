import { Problem, streamAddress } from "./client.js";
import { sentenceOf } from "./problem-text.js";

/** A training is shown in this many parts, each at least so long: a small network would be done before one sees it. */
const PARTS = 60;
const PART_MS = 45;

/** A live training over a WebSocket. Frames are binary; metrics, done and problem are JSON (server/streaming.py). */
export class TrainingStream {
  /**
   * @param {string} id of the session
   * @param {{onFrame: (buffer: ArrayBuffer) => void, onMetrics: (metrics: any) => void, onEnd: (problem: string | null) => void}} listeners
   */
  constructor(id, { onFrame, onMetrics, onEnd }) {
    this.socket = new WebSocket(streamAddress(id));
    this.socket.binaryType = "arraybuffer";
    this.onEnd = onEnd;
    this.left = 0;
    this.part = 1;
    /** @type {string | null} */
    this.problem = null;
    this.socket.addEventListener("message", ({ data }) => {
      if (data instanceof ArrayBuffer) return onFrame(data);
      const message = JSON.parse(data);
      if (message.type === "metrics") onMetrics(message.metrics);
      if (message.type === "done") this.partDone();
      if (message.type === "problem") {
        this.problem = sentenceOf(new Problem(message.problem.status, message.problem));
        this.socket.close();
      }
    });
    this.socket.addEventListener("close", () => this.onEnd(this.problem));
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
    this.socket.send(JSON.stringify({ type: "train", steps: Math.min(this.part, this.left), frames_per_second: 30, dtype: "float32" }));
  }

  partDone() {
    this.left -= this.part;
    if (this.left <= 0) return this.socket.close();
    setTimeout(() => this.sendPart(), Math.max(0, PART_MS - (performance.now() - (this.sentAt ?? 0))));
  }

  /** End the training; what was acknowledged stays. */
  stop() {
    this.socket.close();
  }

  /** End it and tell nobody. */
  close() {
    this.onEnd = () => {};
    this.socket.close();
  }
}

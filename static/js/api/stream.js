import { streamAddress } from "./client.js";

/** A live training over a WebSocket. Frames are binary; metrics, done and problem are JSON. */
export class TrainingStream {
  /**
   * @param {string} id of the session
   * @param {{onFrame: (buffer: ArrayBuffer) => void, onMetrics: (metrics: any) => void, onEnd: (problem: string | null) => void}} listeners
   */
  constructor(id, { onFrame, onMetrics, onEnd }) {
    this.socket = new WebSocket(streamAddress(id));
    this.socket.binaryType = "arraybuffer";
    this.onEnd = onEnd;
    /** @type {string | null} */
    this.problem = null;
    this.socket.addEventListener("message", ({ data }) => {
      if (data instanceof ArrayBuffer) return onFrame(data);
      const message = JSON.parse(data);
      if (message.type === "metrics") onMetrics(message.metrics ?? message);
      if (message.type === "problem") this.problem = message.detail ?? message.problem?.detail ?? "";
      if (message.type === "done" || message.type === "problem") this.socket.close();
    });
    this.socket.addEventListener("close", () => this.onEnd(this.problem));
  }

  /** @param {number} steps */
  train(steps) {
    const send = () => this.socket.send(JSON.stringify({ type: "train", steps, frames_per_second: 20 }));
    if (this.socket.readyState === WebSocket.OPEN) send();
    else this.socket.addEventListener("open", send, { once: true });
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

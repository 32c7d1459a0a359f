/** Experiments of the server: JSON lines that say how far it is, and at last what came out. */

import { ask, PATIENCE_MS, Problem } from "./client.js";

/** @typedef {{done: number, total: number}} Progress */

/**
 * The documents of a stream of JSON lines, each as soon as its line is whole.
 * @param {ReadableStream<Uint8Array>} stream
 * @param {() => void} [onNews] whenever something has arrived
 */
export async function* linesOf(stream, onNews = () => {}) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    onNews();
    const parts = (rest + decoder.decode(value, { stream: !done })).split("\n");
    rest = /** @type {string} */ (parts.pop());
    for (const part of parts) if (part.trim() !== "") yield JSON.parse(part);
    if (done) break;
  }
  if (rest.trim() !== "") yield JSON.parse(rest);
}

/**
 * Run an experiment. Closing the connection cancels it, so to abort is to stop.
 * @param {string} name as in the address
 * @param {unknown} body
 * @param {(progress: Progress) => void} onProgress
 * @param {AbortSignal} stop
 * @returns {Promise<any>} its result
 */
export async function runExperiment(name, body, onProgress, stop) {
  const silence = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  // However long it takes, it says something all the while.
  const hear = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new DOMException("The experiment has fallen silent.", "TimeoutError")), PATIENCE_MS);
  };
  hear();
  try {
    const answer = await ask(`/experiments/${name}`, { method: "POST", body, signal: AbortSignal.any([stop, silence.signal]) });
    for await (const line of linesOf(/** @type {ReadableStream<Uint8Array>} */ (answer.body), hear)) {
      if (line.type === "progress") onProgress(line);
      else if (line.type === "result") return line.result;
      else throw new Problem(line.problem.status, line.problem);
    }
  } finally {
    clearTimeout(timer);
  }
  throw new TypeError("The answer has been cut off.");
}

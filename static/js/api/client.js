/** The REST API. A problem document becomes a `Problem`, so that the page can say it in the reader's language. */

import { heedVersion } from "../core/version.js";

const API = "api/v1";

export class Problem extends Error {
  /**
   * @param {number} status
   * @param {{code?: string, title?: string, detail?: string, params?: Record<string, any>}} document
   */
  constructor(status, document) {
    super(document.detail ?? document.title ?? `The server answered ${status}.`);
    this.status = status;
    this.code = document.code ?? "unknown";
    this.params = document.params ?? {};
  }
}

/**
 * @param {string} path
 * @param {{method?: string, body?: unknown, bytes?: Uint8Array<ArrayBuffer>, ifMatch?: string | null}} [options] body as JSON, or bytes of a table
 * @returns {Promise<Response>}
 */
async function ask(path, { method = "GET", body, bytes, ifMatch } = {}) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (bytes !== undefined) headers["Content-Type"] = "text/csv";
  if (ifMatch) headers["If-Match"] = ifMatch;
  const answer = await fetch(`${API}${path}`, { method, headers, body: body === undefined ? bytes : JSON.stringify(body) });
  heedVersion(answer.headers);
  if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => ({})));
  return answer;
}

/** @param {Response} answer */
const withTag = async (answer) => ({ session: await answer.json(), etag: answer.headers.get("ETag") });

/** @param {string} fingerprint */
export const getProgram = async (fingerprint) => (await ask(`/programs/${fingerprint}`)).json();

/** @param {unknown} request */
export const createSession = async (request) => withTag(await ask("/sessions", { method: "POST", body: request }));

/** @param {string} id */
export const getSession = async (id) => withTag(await ask(`/sessions/${id}`));

/** The step that would come next, as a binary frame. @param {string} id @param {number | null} sample @param {boolean} [expand] */
export async function getTraceFrame(id, sample, expand = false) {
  const query = `detail=frame${sample === null ? "" : `&sample=${sample}`}${expand ? "&expand=true" : ""}`;
  return (await ask(`/sessions/${id}/trace?${query}`)).arrayBuffer();
}

/** Take one step. @param {string} id @param {string | null} ifMatch */
export async function takeStep(id, ifMatch) {
  const answer = await ask(`/sessions/${id}/step?detail=summary`, { method: "POST", ifMatch });
  return { step: await answer.json(), etag: answer.headers.get("ETag") };
}

/** @param {string} id @param {unknown} patch @param {string | null} ifMatch */
export const patchSession = async (id, patch, ifMatch) => withTag(await ask(`/sessions/${id}`, { method: "PATCH", body: patch, ifMatch }));

/** @param {string} id @param {number} steps */
export const train = async (id, steps) => withTag(await ask(`/sessions/${id}/train`, { method: "POST", body: { steps } }));

/** @param {string} id @param {number} step @param {string | null} ifMatch */
export const rewind = async (id, step, ifMatch) =>
  withTag(await ask(`/sessions/${id}/rewind`, { method: "POST", body: { step }, ifMatch }));

/**
 * The learning curve up to the state that the session is in: what the steps saw, and what the next one will see.
 * @param {string} id
 * @returns {Promise<{metrics: import("../state.js").Metrics}>}
 */
export async function getHistory(id) {
  const [{ metrics }, next] = await Promise.all(
    [`/sessions/${id}/history`, `/sessions/${id}/trace?detail=summary`].map(async (path) => (await ask(path)).json()),
  );
  if (next.step <= (metrics.step.at(-1) ?? 0)) return { metrics };
  const { step, loss, accuracy, held_out_loss } = metrics;
  return {
    metrics: {
      step: [...step, next.step],
      loss: [...loss, next.loss],
      accuracy: [...accuracy, next.accuracy],
      held_out_loss: [...held_out_loss, null],
    },
  };
}

/** @param {string} id @param {{x_feature: number, y_feature?: number, resolution: number}} query @param {string[]} [units] whose z and a are wanted, as "1:0" */
export async function getDecisionMap(id, query, units = []) {
  const search = new URLSearchParams([...Object.entries(query).map(([name, value]) => [name, String(value)]), ...units.map((unit) => ["unit", unit])]);
  return (await ask(`/sessions/${id}/decision-map?${search}`)).json();
}

/** How often each gate is open on all rows to train on. @param {string} id */
export const getGates = async (id) => (await ask(`/sessions/${id}/gates`)).json();

/** A step of the past (or the next one) as a binary frame; nothing is changed. @param {string} id @param {number} step from 1 @param {number | null} sample */
export async function getStepFrame(id, step, sample) {
  return (await ask(`/sessions/${id}/trace?detail=frame&step=${step}${sample === null ? "" : `&sample=${sample}`}`)).arrayBuffer();
}

/** A step of any model on any rows as a binary frame; nothing is stored. @param {unknown} request */
export const traceFrame = async (request) => (await ask("/trace?detail=frame", { method: "POST", body: request })).arrayBuffer();

/** A step of a network that is not stored, with every micro-step. @param {unknown} request @returns {Promise<any>} */
export const postTrace = async (request) => JSON.parse(await (await ask("/trace?detail=micro", { method: "POST", body: request })).text(), unspelled);

/** @param {string} path @param {unknown} body @returns {Promise<any>} */
const asked = async (path, body) => (await ask(path, { method: "POST", body })).json();

/** What the server reads in a text, and what it has to ask. @param {{text: string, answers: Record<string, string>, layout?: string}} request @returns {Promise<import("../trace/doctor/paper.js").Reading>} */
export const readNotation = (request) => asked("/diagnose/read", request);

/** Cases that tell mistakes apart. @param {unknown} request @returns {Promise<{cases: import("../trace/doctor/paper.js").Case[]}>} */
export const getCases = (request) => asked("/diagnose/cases", request);

/** @param {unknown} request @returns {Promise<import("../trace/doctor/paper.js").Diagnosis>} */
export const diagnose = (request) => asked("/diagnose", request);

/** JSON has no infinities, so the server spells them. @param {string} _ @param {unknown} value */
const unspelled = (_, value) => (value === "NaN" || value === "Infinity" || value === "-Infinity" ? Number(value) : value);

/**
 * One number of the next step moved to both sides, and the loss along it.
 * @param {string} id
 * @param {{tensor: string, index: number[], sample: number | null, h: number | null, values: number[]}} request
 * @returns {Promise<import("../trace/nudge.js").Slice>}
 */
export const getSlice = async (id, request) =>
  JSON.parse(await (await ask(`/sessions/${id}/slice`, { method: "POST", body: request })).text(), unspelled);

/** All rows of a session in the scale that the network sees. @param {string} id */
export const getRows = async (id) => (await ask(`/sessions/${id}/data`)).json();

/** What models, optimizers and initializers can be. */
export const getChoices = async () => (await ask("/models")).json();

export const getDatasets = async () => (await ask("/datasets")).json();

/** @param {string} name */
export const getDataset = async (name) => (await ask(`/datasets/${name}`)).json();

/** Into how many rows a data set would be cut. @param {string} cut its name, "/cut" and the options in question */
export const getCut = async (cut) => (await ask(`/datasets/${cut}`)).json();

/** Keep an own table. @param {Uint8Array<ArrayBuffer> | object} table its bytes, or what was chosen about it beside it @param {string} name what its owner calls it */
export async function addDataset(table, name) {
  const sent = table instanceof Uint8Array ? { bytes: table } : { body: { ...table, name } };
  return (await ask(`/datasets?name=${encodeURIComponent(name)}`, { method: "POST", ...sent })).json();
}

/** The address of a session's training stream. @param {string} id */
export function streamAddress(id) {
  const address = new URL(`${API}/sessions/${id}/stream`, document.baseURI);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}

/** The formats in which the server writes a network, by its own description. @returns {Promise<string[]>} */
export const getExportFormats = async () => (await (await fetch("openapi.json")).json()).components.schemas.ExportFormat.enum;

/** A network for elsewhere, with the name of its file. @param {string} id @param {string} format */
export async function getExport(id, format) {
  const answer = await ask(`/sessions/${id}/export?format=${encodeURIComponent(format)}`);
  const [, name] = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "") ?? [null, format];
  return { name, blob: await answer.blob() };
}

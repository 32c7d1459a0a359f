/** The REST API. A problem document becomes a `Problem`, so that the page can say it in the reader's language. */

import { heedVersion } from "../core/version.js";
import { unspelled } from "./decode.js";

const API = "api/v1";

/** All that a page shows after a move, in one answer (view.js). */
const VIEW = "application/vnd.backprop.view";

/** A server that has not answered after so long is taken to be away; the same press asks again. */
export const PATIENCE_MS = 20_000;

/** The page waits longer for requests that may compute for long: many steps, a rewind, a diagnosis. */
const LONG_PATIENCE_MS = 120_000;

/**
 * What a view is to hold beside the step's batch.
 * @typedef {object} Wish
 * @property {number} sample a row, which is answered even where there are too many for all
 * @property {boolean} isTheLongWay whether the samples open the gradients of the output
 * @property {number} historyFrom the step from which the learning curve is wanted
 * @property {readonly (number | "")[] | null} map features across and up, and the resolution; null: none
 * @property {number} [step] one of the past, from 1, where it is not to be the next one
 */

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

/** Whether a session cannot be had any more, so that its recipe has to make the same one again. @param {unknown} error */
export const isGone = (error) => error instanceof Problem && (error.code === "unknown_session" || error.code === "damaged");

/**
 * @typedef {object} Options
 * @property {string} [method]
 * @property {unknown} [body] as JSON
 * @property {Uint8Array<ArrayBuffer>} [bytes] of a table
 * @property {string | null} [ifMatch]
 * @property {string} [accept]
 * @property {number} [patience] in ms
 * @property {AbortSignal} [signal] in the place of patience
 */

/** @param {string} path @param {Options} [options] @returns {Promise<Response>} */
export async function ask(path, { method = "GET", body, bytes, ifMatch, accept, patience = PATIENCE_MS, signal = AbortSignal.timeout(patience) } = {}) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (accept) headers.Accept = accept;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (bytes !== undefined) headers["Content-Type"] = "text/csv";
  if (ifMatch) headers["If-Match"] = ifMatch;
  const sent = body === undefined ? bytes : JSON.stringify(body);
  const answer = await fetch(`${API}${path}`, { method, headers, body: sent, signal });
  heedVersion(answer.headers);
  if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => ({})));
  return answer;
}

/** A view, as bytes. @param {string} path without what is wished @param {Wish} wish @param {Options} [options] */
async function askView(path, { sample, isTheLongWay, historyFrom, map, step }, options) {
  const query = new URLSearchParams({ sample: String(sample), history_from: String(historyFrom) });
  if (step) query.set("step", String(step));
  if (isTheLongWay) query.set("long_way", "true");
  if (map) query.set("map", map.join());
  return (await ask(`${path}?${query}`, { ...options, accept: VIEW })).arrayBuffer();
}

/** @param {string} fingerprint */
export const getProgram = async (fingerprint) => (await ask(`/programs/${fingerprint}`)).json();

/** @param {unknown} request @param {Wish} wish */
export const createSession = (request, wish) => askView("/sessions", wish, { method: "POST", body: request, patience: LONG_PATIENCE_MS });

/** Begin what is shown already. @param {unknown} request @returns {Promise<any>} the session */
export const startSession = (request) => asked("/sessions", request);

/** The step that would come next, or one of the past; nothing is changed. @param {string} id @param {Wish} wish */
export const getView = (id, wish) => askView(`/sessions/${id}/view`, wish);

/** Take one step; answers the next one. @param {string} id @param {Wish} wish @param {string | null} ifMatch */
export const takeStep = (id, wish, ifMatch) => askView(`/sessions/${id}/step`, wish, { method: "POST", ifMatch });

/** @param {string} id @param {unknown} patch @param {Wish} wish @param {string | null} ifMatch */
export const patchSession = (id, patch, wish, ifMatch) => askView(`/sessions/${id}`, wish, { method: "PATCH", body: patch, ifMatch, patience: LONG_PATIENCE_MS });

/** @param {string} id @param {number} step @param {Wish} wish @param {string | null} ifMatch */
export const rewind = (id, step, wish, ifMatch) =>
  askView(`/sessions/${id}/rewind`, wish, { method: "POST", body: { step }, ifMatch, patience: LONG_PATIENCE_MS });

/** The network before the step that would come next, or before one of the past. @param {string} id @param {{x_feature: number, y_feature?: number, resolution: number, step?: number}} query @param {string[]} [units] whose z and a are wanted, as "1:0" */
export async function getDecisionMap(id, query, units = []) {
  const search = new URLSearchParams([...Object.entries(query).map(([name, value]) => [name, String(value)]), ...units.map((unit) => ["unit", unit])]);
  return (await ask(`/sessions/${id}/decision-map?${search}`)).json();
}

/** A step of any model on any rows as a binary frame; nothing is stored. @param {unknown} request */
export const traceFrame = async (request) => (await ask("/trace?detail=frame", { method: "POST", body: request })).arrayBuffer();

/** @param {string} path @param {unknown} body @returns {Promise<any>} */
const asked = async (path, body) => (await ask(path, { method: "POST", body })).json();

/** What the server reads in a text, and what it has to ask. @param {{text: string, answers: Record<string, string>, layout?: string}} request @returns {Promise<import("../trace/doctor/paper.js").Reading>} */
export const readNotation = (request) => asked("/diagnose/read", request);

/** Cases that tell mistakes apart. @param {unknown} request @returns {Promise<{cases: import("../trace/doctor/paper.js").Case[]}>} */
export const getCases = (request) => asked("/diagnose/cases", request);

/** @param {unknown} request @returns {Promise<import("../trace/doctor/paper.js").Diagnosis>} */
export const diagnose = (request) => asked("/diagnose", request);

/**
 * One number of the next step moved to both sides, and the loss along it.
 * @param {string} id
 * @param {{tensor: string, index: number[], sample: number | null, h: number | null, values: number[]}} request
 * @returns {Promise<import("../trace/measure/nudge.js").Slice>}
 */
export const getSlice = async (id, request) =>
  JSON.parse(await (await ask(`/sessions/${id}/slice`, { method: "POST", body: request })).text(), (_, value) => unspelled(value));

/** All rows of a session in the scale that the network sees. @param {string} id */
export const getRows = async (id) => (await ask(`/sessions/${id}/data`)).json();

/** What models, optimizers and initializers can be. */
export const getChoices = async () => (await ask("/models")).json();

/** All labs, by their names. @param {string} language @returns {Promise<{labs: import("../state.js").LabName[]}>} */
export const getLabs = async (language) => (await ask(`/labs?language=${language}`)).json();

/** A lab with its words. @param {string} id @param {string} language @returns {Promise<import("../state.js").Lab>} */
export const getLab = async (id, language) => (await ask(`/labs/${encodeURIComponent(id)}?language=${language}`)).json();

/** Gradients beside differences of the loss, cell by cell. @param {unknown} request @returns {Promise<{cells: import("../lab/arrays.js").Measured[]}>} */
export const checkGradient = async (request) => JSON.parse(await (await ask("/gradient-check", { method: "POST", body: request })).text(), (_, value) => unspelled(value));

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

/** A socket on a session. @param {string} id */
export function connect(id) {
  const address = new URL(`${API}/sessions/${id}/stream`, document.baseURI);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(address);
}

/** A network for elsewhere, with the name of its file. @param {string} id @param {string} format */
export async function getExport(id, format) {
  const answer = await ask(`/sessions/${id}/export?format=${encodeURIComponent(format)}`);
  const [, name] = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "") ?? [null, format];
  return { name, blob: await answer.blob() };
}

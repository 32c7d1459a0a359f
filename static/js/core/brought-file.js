/**
 * A file that somebody brought. Its content shows what it is; its name may say anything.
 *
 * @typedef {{bytes: Uint8Array<ArrayBuffer>, name: string}} BroughtFile
 */

/** Of any version, and even a broken one. */
const SAVED_STATE = /^\s*\{[^]*"format"\s*:\s*"backprop-playground-state\//;

/** Whether it is a saved state of this page; everything else is read as a table, or refused as one. @param {Uint8Array} bytes */
export const isSavedState = (bytes) => SAVED_STATE.test(new TextDecoder().decode(bytes));

/**
 * What the server says of numbers that the long way cannot show, for the operation shown.
 *
 * @typedef {{code: string, tensor: string, text: string}} Note
 *
 * @param {Pick<import("./subject.js").Subject, "trace" | "operation" | "target">} subject
 * @returns {Note[]}
 */
export function notesOf({ trace, operation, target }) {
  const shown = new Set([target, ...operation.nodes.map(({ output }) => output)]);
  return (trace.header.notes ?? []).filter(({ tensor }) => shown.has(tensor));
}

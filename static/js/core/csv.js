/**
 * A table as comma-separated values (RFC 4180). Numbers keep all their digits.
 * @param {readonly (readonly (string | number | null)[])[]} rows
 */
export const csvOf = (rows) => rows.map((row) => row.map(cellOf).join(",")).join("\r\n") + "\r\n";

/** @param {string | number | null} value */
function cellOf(value) {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A table as comma-separated values (RFC 4180). Numbers keep all their digits.
 * @param {readonly (readonly (string | number | null)[])[]} rows
 */
export const csvOf = (rows) => rows.map((row) => row.map(cellOf).join(",")).join("\r\n") + "\r\n";

/** @param {string | number | null} value */
function cellOf(value) {
  const text = value === null ? "" : String(value);
  // A line that begins with "#" or "sep=" would be taken for a comment, and blanks at the ends for none.
  return /[",\r\n]|^#|^sep=|^\s|\s$/i.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

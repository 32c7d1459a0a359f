/**
 * Hand a file to the person.
 * @param {string} name
 * @param {Blob} blob
 */
export function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * Put a text into the clipboard. Pages that came without TLS have no clipboard, but may copy what is selected.
 * @param {HTMLInputElement | HTMLTextAreaElement} field that holds the text
 * @returns {Promise<boolean>} whether it was copied
 */
export async function copyFrom(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

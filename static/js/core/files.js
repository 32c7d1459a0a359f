/** Where the page's own files are: in the folder of its bundle, or where its sources are. */

/** @param {string} name as a source is called, "i18n/en.json" */
export const addressOf = (name) => said("files") + name;

/** What index.html says of itself. @param {string} name */
export const said = (name) => /** @type {HTMLMetaElement} */ (document.querySelector(`meta[name="${name}"]`)).content;

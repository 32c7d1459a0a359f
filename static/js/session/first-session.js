/** The id of the session that came with the page: none is made yet. */
export const NOT_YET = "";

/**
 * An api whose requests for that session wait until it is made, and then ask the one that was.
 * @param {typeof import("../api/client.js")} api
 * @param {() => Promise<string>} begin makes it, and answers its id
 */
export function whenBegun(api, begin) {
  const asking = Object.entries(/** @type {Record<string, any>} */ (api)).map(([name, ask]) => {
    const asked = (/** @type {unknown} */ id, /** @type {unknown[]} */ ...rest) => (id === NOT_YET ? begin().then((made) => ask(made, ...rest)) : ask(id, ...rest));
    return [name, asked];
  });
  return /** @type {typeof import("../api/client.js")} */ (Object.fromEntries(asking));
}

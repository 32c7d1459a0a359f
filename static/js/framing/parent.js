/**
 * The page that shows this one in a frame. It hears only if the server's setting names its origin, written out.
 */

/** An origin with nothing left open: `https://*.example` and `https:` let pages show the frame, and name none of them. */
const WHOLE = /^https?:\/\/[^\s*'/?#@]+(?=\/|$)/i;

/**
 * @param {string} sources as in `frame-ancestors` of the page's policy: "'self' https://course.example"
 * @param {string} own origin of this page
 * @returns {string[]} the origins that are named
 */
export function namedOrigins(sources, own) {
  return sources.split(/\s+/).flatMap((source) => {
    if (source.toLowerCase() === "'self'") return [own];
    const [address] = WHOLE.exec(source) ?? [];
    return address && URL.canParse(address) ? [new URL(address).origin] : [];
  });
}

/** Unique for as long as pages are open. */
let count = 0;
const nextId = () => `${performance.timeOrigin}-${count++}`;

export class Parent {
  /** @param {string[]} named origins that may hear */
  constructor(named) {
    const [origin = "null"] = location.ancestorOrigins ?? [];
    // Where the browser does not say whose page it is, it still lets a message through to its addressee alone.
    this.origins = origin === "null" ? named : named.filter((one) => one === origin);
  }

  /** @param {string} subject @param {Record<string, unknown>} [fields] @returns {string} id of the message */
  post(subject, fields = {}) {
    const message_id = nextId();
    for (const origin of this.origins) window.parent.postMessage({ subject, message_id, ...fields }, origin);
    return message_id;
  }

  /**
   * @param {string} subject
   * @returns {Promise<any>} the answer; a page that does not know the question gives none
   */
  ask(subject) {
    return new Promise((answered) => {
      const hear = (/** @type {MessageEvent} */ { source, origin, data }) => {
        if (source !== window.parent || !this.origins.includes(origin)) return;
        if (data?.subject !== `${subject}.response` || data.message_id !== id) return;
        removeEventListener("message", hear);
        answered(data);
      };
      addEventListener("message", hear);
      const id = this.post(subject);
    });
  }
}

/**
 * One small store: a state object that is replaced in parts, and listeners that are told once per change.
 * @template {object} S
 */
export class Store {
  /** @param {S} state */
  constructor(state) {
    this.state = state;
    /** @type {Set<(state: S, changed: Set<string>) => void>} */
    this.listeners = new Set();
    /** @type {Set<string>} */
    this.changed = new Set();
    this.scheduled = false;
  }

  /**
   * Replace some fields. Listeners hear of all changes of one task together, before the next frame.
   * @param {Partial<S>} fields
   */
  set(fields) {
    const before = /** @type {Record<string, unknown>} */ (this.state);
    const names = Object.keys(fields).filter((name) => before[name] !== /** @type {any} */ (fields)[name]);
    if (names.length === 0) return;
    this.state = { ...this.state, ...fields };
    names.forEach((name) => this.changed.add(name));
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      const changed = this.changed;
      this.changed = new Set();
      for (const listener of this.listeners) listener(this.state, changed);
    });
  }

  /**
   * @param {(state: S, changed: Set<string>) => void} listener
   * @returns {() => void} ends the subscription
   */
  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

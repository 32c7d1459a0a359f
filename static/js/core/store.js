import { batch, signal } from "../vendor/signals.js";

/**
 * One small store: a state whose fields are replaced, each a signal, so that it is known who has read which.
 * @template {object} S
 */
export class Store {
  /** @param {S} state every field that there is */
  constructor(state) {
    const signals = Object.fromEntries(Object.entries(state).map(([name, value]) => [name, signal(/** @type {unknown} */ (value))]));
    this.signals = signals;
    this.values = state;
    /** @type {ProxyHandler<any>} */
    this.tracking = {
      get(values, name) {
        // A reader of a field hears of its changes; a state that was taken stays as it was.
        if (name in signals) void signals[/** @type {string} */ (name)].value;
        return values[name];
      },
    };
    this.state = this.tracked(state);
  }

  /** @param {S} values @returns {S} */
  tracked(values) {
    return new Proxy(values, this.tracking);
  }

  /**
   * Replace some fields. Their readers hear of all of them together.
   * @param {Partial<S>} fields
   */
  set(fields) {
    const before = /** @type {Record<string, unknown>} */ (this.values);
    const changed = Object.entries(fields).filter(([name, value]) => before[name] !== value);
    if (changed.length === 0) return;
    this.values = { ...this.values, ...fields };
    this.state = this.tracked(this.values);
    batch(() => changed.forEach(([name, value]) => (this.signals[name].value = value)));
  }
}

/**
 * A state with other fields; the rest is read when it is asked for.
 * @template {object} S
 * @param {S} state
 * @param {Partial<S>} fields
 * @returns {S}
 */
export const withFields = (state, fields) => Object.assign(Object.create(state), fields);

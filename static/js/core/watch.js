import { effect } from "../vendor/signals.js";

/**
 * Does something again when signals that it read have changed: once for all changes of one task, before the next frame.
 */
export class Watch {
  /**
   * @param {() => void} act
   * @param {(again: () => void) => void} [later] when it is done again
   */
  constructor(act, later = (again) => queueMicrotask(again)) {
    this.act = act;
    this.later = later;
    this.isDue = false;
    this.isOver = false;
    this.end = () => {};
  }

  /** Do it now; what it reads is what it waits for from here on. */
  run() {
    if (this.isOver) return;
    this.end();
    this.isDue = false;
    let isFirst = true;
    /** @type {unknown[]} */
    const failures = [];
    this.end = effect(() => {
      if (!isFirst) return this.wait();
      isFirst = false;
      try {
        this.act();
      } catch (error) {
        // Thrown in here it would end the effect: nothing that changes later could make it good.
        failures.push(error);
      }
    });
    if (failures.length > 0) throw failures[0];
  }

  /** Something has changed. Nothing is read here, so that no more is heard until it is done again. */
  wait() {
    this.isDue = true;
    this.later(() => this.isDue && this.run());
  }

  stop() {
    this.isOver = true;
    this.end();
  }
}

/** @param {() => void} act done now and after changes of what it read @returns {() => void} ends it */
export function watch(act) {
  const watching = new Watch(act);
  watching.run();
  return () => watching.stop();
}

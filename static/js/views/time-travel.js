/** While something is dragged, the page follows at most this often. */
const DRAG_PAUSE_MS = 200;

/** Goes to other times of a training, one request after the other; of several wishes the last one wins. */
export class TimeTravel {
  /**
   * @param {import("../playground.js").Playground} playground
   * @param {() => void} onChange called when the wish changes or has come true
   */
  constructor(playground, onChange) {
    this.playground = playground;
    this.onChange = onChange;
    /** Updates done at the time that is wanted. @type {number | null} */
    this.wanted = null;
    this.isTravelling = false;
    this.isDragging = false;
  }

  /** Where the page is, or soon will be. */
  get update() {
    return this.wanted ?? this.playground.state.session?.step ?? 0;
  }

  /** Whether the page shows the step after so many updates; of one that was taken it may still show the step before. @param {number} update */
  isAt(update) {
    const { state, model } = this.playground;
    return state.session?.step === update && !model.isTaken;
  }

  /** @param {number} update */
  async to(update) {
    this.wanted = update;
    this.onChange();
    if (this.isTravelling) return;
    this.isTravelling = true;
    while (!this.isAt(this.wanted)) {
      const goal = this.wanted;
      await this.playground.training.rewindTo(goal);
      if (!this.isAt(goal)) break;
      if (this.isDragging) await new Promise((resolve) => setTimeout(resolve, DRAG_PAUSE_MS));
    }
    this.isTravelling = false;
    if (!this.isDragging) this.wanted = null;
    this.onChange();
  }
}

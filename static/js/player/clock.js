/** A page that is not seen gets no frames. */
const HIDDEN_MS = 100;

/**
 * The only requestAnimationFrame of the page. Moves a position in ms towards a goal, at a speed, and tells who listens.
 */
export class Clock {
  /** @param {(position: number, isRunning: boolean) => void} onTick */
  constructor(onTick) {
    this.onTick = onTick;
    this.position = 0;
    this.goal = 0;
    this.speed = 1;
    this.isRunning = false;
    this.last = 0;
    this.tick = this.tick.bind(this);
  }

  /** Run on to a position. @param {number} goal ms */
  runTo(goal) {
    this.goal = goal;
    if (this.isRunning) return;
    this.isRunning = true;
    this.last = performance.now();
    requestAnimationFrame(this.tick);
  }

  /** Stop where it is. */
  pause() {
    this.isRunning = false;
    this.onTick(this.position, false);
  }

  /** Be at a position at once. @param {number} position ms */
  jumpTo(position) {
    this.isRunning = false;
    this.position = position;
    this.onTick(position, false);
  }

  /** Do something before the next frame, and where nothing is drawn all the same. @param {() => void} work */
  withNextFrame(work) {
    let isDone = false;
    const once = () => {
      if (!isDone) work();
      isDone = true;
    };
    requestAnimationFrame(once);
    setTimeout(once, HIDDEN_MS);
  }

  /** @param {number} now */
  tick(now) {
    if (!this.isRunning) return;
    this.position = Math.min(this.goal, this.position + Math.max(0, now - this.last) * this.speed);
    this.last = now;
    if (this.position >= this.goal) this.isRunning = false;
    this.onTick(this.position, this.isRunning);
    if (this.isRunning) requestAnimationFrame(this.tick);
  }
}

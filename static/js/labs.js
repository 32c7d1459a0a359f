import { currentLanguage } from "./core/i18n.js";
import { whyMissing } from "./core/version.js";

/** What comes after the last scene, in an address. */
export const END = "say";

/** The scene on show, as an address calls it. @param {import("./state.js").LabState} lab */
export const sceneOf = ({ lab: { scenes }, at }) => scenes[at]?.id ?? END;

/** @typedef {() => Promise<{Lab: typeof import("./lab/lab.js").Lab}>} FetchLab brings what is under way in a lab, and the elements that draw it */

/** The labs of the page: nothing of one is loaded before it is asked for. */
export class Labs {
  /** @param {import("./playground.js").Playground} playground @param {import("./sharing.js").Sharing} sharing @param {FetchLab} fetchLab */
  constructor(playground, sharing, fetchLab) {
    this.playground = playground;
    this.sharing = sharing;
    this.fetchLab = fetchLab;
    /** @type {import("./lab/lab.js").Lab | null} */
    this.lab = null;
  }

  /**
   * Begin a lab, or go on with it.
   * @param {string} id
   * @param {string | null} [scene] its id or its number from 1; null: where somebody left it
   * @returns {Promise<boolean>} whether it was opened
   */
  async enter(id, scene = null) {
    const asked = ++this.asked;
    const Lab = await this.bring();
    if (!Lab || asked !== this.asked) return false;
    const lab = (this.lab ??= new Lab(this.playground, this.sharing));
    let isOpened = false;
    await this.playground.attempt(async () => {
      isOpened = await lab.enter(id, scene);
      // Its end names the next one.
      if (isOpened) void this.load().catch(() => {});
    });
    return isOpened;
  }

  /** Have all that a lab is made of: what came later would move what is read. @returns {Promise<typeof import("./lab/lab.js").Lab | null>} null: it cannot be fetched, which is told */
  async bring() {
    try {
      return (await this.fetchLab()).Lab;
    } catch {
      this.playground.store.set({ problem: whyMissing() });
      return null;
    }
  }

  /** Know the names of all labs. */
  async load() {
    const language = currentLanguage();
    const { state } = this.playground;
    if (state.labs && this.language === language) return;
    const { labs } = await this.playground.api.getLabs(language);
    // Asked for in another language meanwhile: those come, or have come.
    if (currentLanguage() !== language) return;
    this.language = language;
    this.playground.store.set({ labs });
  }

  /** The language of the names. */
  language = "";

  /** How many times a lab was entered or left: only the last time counts. */
  asked = 0;

  /** Play freely from here. */
  leave() {
    this.asked++;
    this.lab?.leave();
  }
}

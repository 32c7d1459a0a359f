import { currentLanguage } from "./core/i18n.js";

/** What comes after the last scene, in an address. */
export const END = "say";

/** The scene on show, as an address calls it. @param {import("./state.js").LabState} lab */
export const sceneOf = ({ lab: { scenes }, at }) => scenes[at]?.id ?? END;

/** @typedef {(stage?: string | null) => Promise<unknown>} FetchViews brings the elements that draw a lab, with the instrument of this name */

/** The labs of the page: nothing of one is loaded before it is asked for. */
export class Labs {
  /** @param {import("./playground.js").Playground} playground @param {import("./sharing.js").Sharing} sharing @param {FetchViews} fetchViews */
  constructor(playground, sharing, fetchViews) {
    this.playground = playground;
    this.sharing = sharing;
    this.fetchViews = fetchViews;
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
    let isOpened = false;
    await this.playground.attempt(async () => {
      const { Lab } = await import("./lab/lab.js");
      if (asked !== this.asked) return;
      this.lab ??= new Lab(this.playground, this.sharing, this.fetchViews);
      isOpened = await this.lab.enter(id, scene);
      // Its end names the next one.
      if (isOpened) void this.load().catch(() => {});
    });
    return isOpened;
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

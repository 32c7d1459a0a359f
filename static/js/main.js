import { Address, languageOfAddress } from "./address.js";
import { StoreElement } from "./core/element.js";
import { loadLanguage } from "./core/i18n.js";
import { languageFor } from "./core/languages.js";
import { remembered } from "./core/memory.js";
import { Playground } from "./playground.js";
import { Sharing } from "./sharing.js";

/** Brings the page to life: language, first lesson, then the elements. */
async function start() {
  const playground = new Playground();
  StoreElement.playground = playground;
  const language = languageFor([await languageOfAddress(), remembered("language"), ...navigator.languages]);
  const [lesson] = await Promise.all([
    fetch("lessons/01-first-minute/lesson.json").then((answer) => answer.json()),
    loadLanguage(language),
  ]);
  StoreElement.sharing = new Sharing(playground, lesson);
  const address = new Address(StoreElement.sharing);
  playground.store.set({ language });
  playground.opensAt = lesson.opensAt;
  const opened = address.open();
  await import("./views/index.js");
  await opened;
  address.follow();
}

void start();

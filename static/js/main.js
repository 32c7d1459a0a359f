import { StoreElement } from "./core/element.js";
import { loadLanguage } from "./core/i18n.js";
import { languageFor } from "./core/languages.js";
import { remembered } from "./core/memory.js";
import { Playground } from "./playground.js";

/** Brings the page to life: language, first lesson, then the elements. */
async function start() {
  const playground = new Playground();
  StoreElement.playground = playground;
  const language = languageFor([remembered("language"), ...navigator.languages]);
  const [lesson] = await Promise.all([
    fetch("lessons/01-first-minute/lesson.json").then((answer) => answer.json()),
    loadLanguage(language),
  ]);
  playground.store.set({ language });
  playground.captions = lesson.captions;
  playground.opensAt = lesson.opensAt;
  const opened = playground.open(lesson.recipe, lesson.sample);
  await import("./views/index.js");
  await opened;
}

void start();

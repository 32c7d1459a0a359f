import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

/**
 * The colours by role, in each theme, for all kinds of eyes.
 *
 * @typedef {[number, number, number]} Colour linear red, green, blue from 0 to 1
 */

const sheet = readFileSync(new URL("../../static/css/tokens.css", import.meta.url), "utf8");

/** The colours that a block of the sheet sets. @param {string} selector @returns {Record<string, string>} */
function block(selector) {
  const found = new RegExp(`\\n${selector.replace(/[[\]]/g, "\\$&")} \\{([^}]*)\\}`).exec(sheet);
  return Object.fromEntries([...(found?.[1] ?? "").matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name, colour]));
}

const light = block('[data-theme="light"]');
/** @type {Record<string, Record<string, string>>} */
const THEMES = { light, dark: block('[data-theme="dark"]'), projector: { ...light, ...block('[data-theme="projector"]') } };

/** @param {string} hex @returns {Colour} */
const linear = (hex) =>
  /** @type {Colour} */ ([1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)));

/** @param {Colour} colour */
const luminance = ([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

/** The contrast of WCAG, 1 to 21. @param {Colour} a @param {Colour} b */
function contrast(a, b) {
  const [dark, bright] = [luminance(a), luminance(b)].toSorted((one, other) => one - other);
  return (bright + 0.05) / (dark + 0.05);
}

/**
 * What eyes without one kind of cones make of linear colours.
 * Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency", severity 1.
 * @type {Record<string, number[][]>}
 */
const EYES = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
};

/** @param {Colour} colour @param {number[][]} eyes */
const seen = (colour, eyes) => /** @type {Colour} */ (eyes.map((row) => Math.min(1, Math.max(0, row.reduce((sum, weight, part) => sum + weight * colour[part], 0)))));

/** CIE L*a*b* under D65. @param {Colour} colour */
function lab([red, green, blue]) {
  const [x, y, z] = [
    (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047,
    0.2126729 * red + 0.7151522 * green + 0.072175 * blue,
    (0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883,
  ].map((part) => (part > 216 / 24389 ? Math.cbrt(part) : ((24389 / 27) * part + 16) / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Distance of two colours; 2.3 can just be told apart side by side. @param {Colour} a @param {Colour} b */
const distance = (a, b) => Math.hypot(...lab(a).map((part, at) => part - lab(b)[at]));

/**
 * Roles that are text on a surface, and roles that the same shape takes in the same place. (A gate and a gradient never
 * do: one is a plot with words, the other a number.) None is told by its colour alone; it has to help, though.
 */
const TEXTS = ["ink", "ink-quiet", "positive", "negative", "backward", "gate", "shut", "update", "problem"];
const PAIRS = [["positive", "negative"], ["positive", "backward"], ["negative", "backward"], ["backward", "forward"], ["gate", "shut"], ["segment-forward", "segment-backward"], ["segment-backward", "segment-average"]];
const FAR_APART = 7;

for (const [theme, colours] of Object.entries(THEMES)) {
  test(`text of every role can be read: ${theme}`, () => {
    for (const role of TEXTS) {
      const found = contrast(linear(colours[role]), linear(colours.surface));
      assert.ok(found >= 4.5, `${role}: ${found.toFixed(2)}`);
    }
  });

  test(`outlines stand out: ${theme}`, () => {
    for (const role of ["line-strong", "focus", "forward"]) assert.ok(contrast(linear(colours[role]), linear(colours.surface)) >= 3, role);
  });

  for (const [name, eyes] of Object.entries(EYES)) {
    test(`roles are told apart: ${theme}, ${name}`, () => {
      for (const [one, other] of PAIRS) {
        const found = distance(seen(linear(colours[one]), eyes), seen(linear(colours[other]), eyes));
        assert.ok(found >= FAR_APART, `${one} and ${other}: ${found.toFixed(1)}`);
      }
    });
  }
}

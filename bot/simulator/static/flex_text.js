/** Flex text and its spans. */

import { make, paint, pressable } from "./dom.js";
import { shrinkToFit } from "./flex_fitting.js";
import { ALIGNS, colourOf, gravityPlaced, lengthOf, letterSize } from "./flex_sizes.js";

const DECORATIONS = { underline: "underline", "line-through": "line-through", none: "none" };

export function renderText(text, context, parent) {
  const words = make("span", { class: "flex-words" }, spans(text));
  const element = make("div", { class: `flex-text ${text.wrap ? "wrapped" : "cut"}` }, words);
  paint(words, letterStyles(text, "md"));
  paint(element, {
    "text-align": ALIGNS[text.align],
    "justify-content": gravityPlaced(text.gravity),
    "align-self": parent?.layout === "horizontal" ? "stretch" : null,
  });
  const lines = lengthOf(text.lineSpacing);
  // LINE puts it between the lines only: not above the first one, nor below the last.
  if (lines) paint(words, { "line-height": `calc(1.45em + ${lines})`, "margin-block": `calc(${lines} / -2)` });
  if (Number.isInteger(text.maxLines) && text.maxLines > 0) {
    words.classList.add("clamped");
    paint(words, { "-webkit-line-clamp": text.maxLines });
  }
  if (text.adjustMode === "shrink-to-fit" && !text.wrap) shrinkToFit(element, words);
  if (text.action) pressable(element, text.action.label ?? text.text, () => context.acting.perform(text.action));
  return element;
}

function spans(text) {
  if (!Array.isArray(text.contents) || text.contents.length === 0) return [String(text.text ?? "")];
  return text.contents.map((span) => paint(make("span", {}, String(span.text ?? "")), letterStyles({ ...span, scaling: text.scaling })));
}

function letterStyles({ size, weight, color, style, decoration, scaling }, usual) {
  return {
    "font-size": letterSize(size ?? usual, scaling),
    "font-weight": weight === "bold" ? "700" : weight === "regular" ? "400" : null,
    "font-style": style === "italic" ? "italic" : null,
    "text-decoration": DECORATIONS[decoration],
    color: colourOf(color),
  };
}

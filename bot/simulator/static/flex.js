/** Flex messages: bubbles and carousels of bubbles, drawn from their JSON. */

import { leafThrough } from "./carousels.js";
import { make, paint, pressable } from "./dom.js";
import { renderBox, renderComponent } from "./flex_box.js";
import { BUBBLE_WIDTHS, colourOf } from "./flex_sizes.js";

const BLOCKS = ["header", "hero", "body", "footer"];

export function renderFlex(message, context) {
  const contents = message.contents ?? {};
  const bubbles = contents.type === "carousel" ? (contents.contents ?? []) : [contents];
  const drawn = bubbles.map((bubble) => renderBubble(bubble, context));
  const named = { role: "group", "aria-label": message.altText ?? "" };
  return contents.type === "carousel" ? leafThrough(drawn, { ...named, class: "flex" }) : make("div", { ...named, class: "flex single" }, drawn);
}

function renderBubble(bubble, context) {
  const size = Object.hasOwn(BUBBLE_WIDTHS, bubble.size) ? bubble.size : "mega";
  const article = make("article", { class: `flex-bubble size-${size}` });
  paint(article, { width: `${BUBBLE_WIDTHS[size]}px`, direction: bubble.direction === "rtl" ? "rtl" : null });
  for (const name of BLOCKS) {
    if (bubble[name]) article.append(...renderBlock(name, bubble[name], bubble.styles?.[name] ?? {}, context));
  }
  if (bubble.action) pressable(article, bubble.action.label, () => context.acting.perform(bubble.action));
  return article;
}

function renderBlock(name, component, style, context) {
  const block = make("div", { class: `flex-block flex-${name}` });
  paint(block, { "background-color": colourOf(style.backgroundColor) });
  block.append(name === "hero" ? renderComponent(component, { layout: "vertical" }, context) : renderBox(component, context));
  if (name === "hero" || !style.separator) return [block];
  const separator = make("div", { class: "flex-separator" });
  paint(separator, { "border-color": colourOf(style.separatorColor) });
  return [separator, block];
}

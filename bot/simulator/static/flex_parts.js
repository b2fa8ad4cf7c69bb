/** The Flex components that hold no others. */

import { icon } from "./icons.js";
import { make, paint, picture, pressable } from "./dom.js";
import { shrinkToFit } from "./flex_fitting.js";
import { ALIGNS, IMAGE_SIZES, colourOf, gravityPlaced, lengthOf, letterSize, ratioOf } from "./flex_sizes.js";

export function renderButton(button, context) {
  const style = ["primary", "secondary", "link"].includes(button.style) ? button.style : "link";
  const height = button.height === "sm" ? "low" : "high";
  const words = make("span", { class: "flex-button-words" }, button.action?.label ?? "");
  const element = make("button", { type: "button", class: `flex-button ${style} ${height}` }, words);
  for (const part of [element, words]) paint(part, { "font-size": letterSize("md", button.scaling) });
  if (button.adjustMode === "shrink-to-fit") {
    element.classList.add("one-line");
    shrinkToFit(element, words);
  }
  const colour = colourOf(button.color);
  paint(element, style === "link" ? { color: colour } : { "background-color": colour });
  element.addEventListener("click", (event) => {
    event.stopPropagation();
    context.acting.perform(button.action);
  });
  const holder = make("div", { class: "flex-button-holder" }, element);
  return paint(holder, { "justify-content": gravityPlaced(button.gravity) });
}

export function renderImage(image, context) {
  const shown = picture(image.url, { className: "flex-picture", alt: image.action?.label ?? "" });
  paint(shown, { "object-fit": image.aspectMode === "cover" ? "cover" : "contain" });
  const frame = make("div", { class: "flex-frame" }, shown);
  paint(frame, {
    width: image.size === "full" ? "100%" : lengthOf(image.size ?? "md", IMAGE_SIZES),
    "aspect-ratio": ratioOf(image.aspectRatio),
    "background-color": colourOf(image.backgroundColor),
  });
  const element = make("div", { class: "flex-image" }, frame);
  paint(element, {
    "align-items": { start: "flex-start", end: "flex-end" }[ALIGNS[image.align]] ?? "center",
    "justify-content": gravityPlaced(image.gravity),
  });
  return image.action ? pressable(element, image.action.label ?? "รูปภาพ", () => context.acting.perform(image.action)) : element;
}

export function renderIcon({ url, size, aspectRatio, scaling }) {
  const shown = picture(url, { className: "flex-icon" });
  return paint(shown, { height: letterSize(size ?? "md", scaling), "aspect-ratio": ratioOf(aspectRatio) });
}

export function renderSeparator({ color }, context, parent) {
  const line = make("div", { class: `flex-separator ${parent?.layout === "horizontal" ? "upright" : ""}` });
  return paint(line, { "border-color": colourOf(color) });
}

export function renderFiller() {
  return make("div", { class: "flex-filler" });
}

/** The picture that stands for a film; where there is none, what the message offers instead. */
export function renderVideo(video, context, renderComponent) {
  if (!video.previewUrl && video.altContent) return renderComponent(video.altContent, { layout: "vertical" }, context);
  const shown = picture(video.previewUrl, { className: "flex-picture", alt: "วิดีโอ" });
  const frame = make("div", { class: "flex-frame flex-video" }, shown, make("span", { class: "play", "aria-hidden": "true" }, icon("play")));
  paint(frame, { width: "100%", "aspect-ratio": ratioOf(video.aspectRatio, "20:13") });
  return pressable(frame, "เปิดวิดีโอ", () => context.acting.perform({ type: "uri", uri: video.url }));
}

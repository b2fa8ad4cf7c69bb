/** Template messages: buttons, confirm, carousel and image carousel. */

import { leafThrough } from "./carousels.js";
import { make, paint, picture, pressable } from "./dom.js";
import { colourOf } from "./flex_sizes.js";

const TEMPLATES = { buttons, confirm, carousel, image_carousel: imageCarousel };

export function renderTemplate(message, context) {
  const template = message.template ?? {};
  const render = TEMPLATES[template.type];
  const drawn = render ? render(template, context) : make("p", { class: "template-card" }, `[${template.type ?? "?"}]`);
  drawn.setAttribute("role", "group");
  drawn.setAttribute("aria-label", message.altText ?? "");
  return drawn;
}

function buttons(template, context) {
  return card(template, template, context);
}

function confirm(template, context) {
  const answers = make("div", { class: "template-answers" }, (template.actions ?? []).map((action) => actionButton(action, context)));
  return make("article", { class: "template-card" }, make("p", { class: "template-text" }, template.text ?? ""), answers);
}

function carousel(template, context) {
  return leafThrough((template.columns ?? []).map((column) => card(column, template, context)));
}

function imageCarousel(template, context) {
  const columns = (template.columns ?? []).map(({ imageUrl, action }) => {
    const label = action?.label ? make("span", { class: "template-label" }, action.label) : null;
    const element = make("article", { class: "template-picture" }, picture(imageUrl, { alt: action?.label ?? "" }), label);
    return pressable(element, action?.label ?? "รูปภาพ", () => context.acting.perform(action));
  });
  return leafThrough(columns);
}

/** `look` holds how pictures are shown: a carousel says it once for all of its columns. */
function card(column, look, context) {
  const { title, text, thumbnailImageUrl, defaultAction, actions = [] } = column;
  const words = make("div", { class: "template-words" },
    title ? make("strong", {}, title) : null,
    make("p", { class: "template-text" }, text ?? ""));
  const top = make("div", { class: "template-top" }, thumbnailImageUrl ? thumbnail(column, look) : null, words);
  if (defaultAction) pressable(top, defaultAction.label ?? title ?? text, () => context.acting.perform(defaultAction));
  return make("article", { class: "template-card" }, top, make("div", { class: "template-actions" }, actions.map((action) => actionButton(action, context))));
}

function thumbnail({ thumbnailImageUrl, imageBackgroundColor }, { imageAspectRatio, imageSize }) {
  const shown = picture(thumbnailImageUrl);
  paint(shown, { "object-fit": imageSize === "contain" ? "contain" : "cover" });
  const frame = make("div", { class: "template-frame" }, shown);
  return paint(frame, {
    "aspect-ratio": imageAspectRatio === "square" ? "1 / 1" : "1.51 / 1",
    "background-color": colourOf(imageBackgroundColor),
  });
}

function actionButton(action, context) {
  const button = make("button", { type: "button", class: "template-button" }, action.label ?? "");
  button.addEventListener("click", () => context.acting.perform(action));
  return button;
}

/** Flex boxes: how components share the space between them. */

import { make, paint, pressable } from "./dom.js";
import { renderButton, renderFiller, renderIcon, renderImage, renderSeparator, renderVideo } from "./flex_parts.js";
import { renderText } from "./flex_text.js";
import {
  BORDERS, CORNERS, SPACINGS, colourOf, contentSpread, gradientOf, gravityPlaced, itemsPlaced, lengthOf, offsetsOf, paddingsOf,
} from "./flex_sizes.js";

const PARTS = {
  box: renderBox,
  text: renderText,
  button: renderButton,
  image: renderImage,
  icon: renderIcon,
  separator: renderSeparator,
  filler: renderFiller,
  video: (video, context) => renderVideo(video, context, renderComponent),
};
/** Components that never stretch, whatever the layout. */
const RIGID = new Set(["icon", "separator"]);

export function renderBox(box, context) {
  const layout = box.layout === "horizontal" || box.layout === "baseline" ? box.layout : "vertical";
  const element = make("div", { class: `flex-box ${layout}` });
  paint(element, {
    ...paddingsOf(box),
    "background-color": colourOf(box.backgroundColor),
    "background-image": gradientOf(box.background),
    "border-color": colourOf(box.borderColor),
    "border-width": lengthOf(box.borderWidth, BORDERS),
    "border-radius": lengthOf(box.cornerRadius, CORNERS),
    "justify-content": contentSpread(box.justifyContent),
    "align-items": itemsPlaced(box.alignItems),
    width: lengthOf(box.width),
    height: lengthOf(box.height),
    "max-width": lengthOf(box.maxWidth),
    "max-height": lengthOf(box.maxHeight),
  });
  if (box.cornerRadius) element.classList.add("clipped");
  for (const [place, component] of (box.contents ?? []).entries()) {
    element.append(renderComponent(component, { layout, spacing: box.spacing, isFirst: place === 0 }, context));
  }
  if (box.action) pressable(element, box.action.label, () => context.acting.perform(box.action));
  return element;
}

/** `parent` is `{layout, spacing, isFirst}` of the box around the component. */
export function renderComponent(component, parent, context) {
  const render = PARTS[component?.type];
  if (!render) return make("span", { class: "flex-unknown" }, `[${component?.type ?? "?"}]`);
  const element = render(component, context, parent);
  placeInside(element, component, parent);
  return element;
}

function placeInside(element, component, { layout, spacing, isFirst }) {
  paint(element, offsetsOf(component));
  if (component.position === "absolute") return;
  const isAcross = layout !== "vertical";
  const gap = lengthOf(component.margin ?? spacing, SPACINGS);
  if (gap && !isFirst) paint(element, { [isAcross ? "margin-inline-start" : "margin-top"]: gap });
  paint(element, { flex: flexOf(component, isAcross) });
  if (isAcross && component.gravity && component.type !== "text") {
    paint(element, { "align-self": gravityPlaced(component.gravity) });
  }
}

/** Across, components share the width evenly unless they say otherwise; down, they take the height that they need. */
function flexOf(component, isAcross) {
  if (RIGID.has(component.type)) return "none";
  const hasOwnWidth = component.type === "box" && component.width && component.flex === undefined;
  const asked = Number.isInteger(component.flex) ? component.flex : null;
  if (!isAcross) return asked > 0 || component.type === "filler" ? `${asked ?? 1} 0 auto` : "none";
  if (hasOwnWidth || asked === 0) return "0 0 auto";
  return `${asked ?? 1} 0 0`;
}

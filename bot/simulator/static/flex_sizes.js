/** Flex's keywords as lengths. Whatever is no keyword and no plain length becomes null, and is left out. */

export const TEXT_SIZES = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
export const IMAGE_SIZES = { xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220 };
export const SPACINGS = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
export const CORNERS = SPACINGS;
export const BORDERS = { none: 0, light: 0.5, normal: 1, medium: 2, "semi-bold": 3, bold: 4 };
export const BUBBLE_WIDTHS = { nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 386 };

/** A CSS length for a keyword of the table, `12px`, `50%` or, with `bare`, nothing else. */
export function lengthOf(value, keywords = {}) {
  if (value === undefined || value === null) return null;
  if (Object.hasOwn(keywords, value)) return `${keywords[value]}px`;
  return /^\d+(\.\d+)?(px|%)$/.test(value) ? value : null;
}

/** The size of letters, and of icons among them: only with `scaling` do they grow with the phone's text size. */
export function letterSize(value, scaling) {
  const length = lengthOf(value, TEXT_SIZES);
  return length && scaling === true ? `calc(${length} * var(--text))` : length;
}

/** An offset may be negative where a length may not. */
function offsetOf(value) {
  return /^-\d+(\.\d+)?(px|%)$/.test(value ?? "") ? value : lengthOf(value, SPACINGS);
}

export function colourOf(value) {
  return /^#([0-9a-f]{6}|[0-9a-f]{8})$/i.test(value ?? "") ? value : null;
}

export function ratioOf(value, otherwise = "1:1") {
  const [, wide, high] = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(value ?? "") ?? /(\d+):(\d+)/.exec(otherwise);
  return `${wide} / ${high}`;
}

export const ALIGNS = { start: "start", center: "center", end: "end" };
const PLACES = { "flex-start": "flex-start", center: "center", "flex-end": "flex-end" };
const SPREADS = { ...PLACES, "space-between": "space-between", "space-around": "space-around", "space-evenly": "space-evenly" };
export const itemsPlaced = (value) => PLACES[value] ?? null;
export const contentSpread = (value) => SPREADS[value] ?? null;
export const gravityPlaced = (value) => ({ top: "flex-start", center: "center", bottom: "flex-end" })[value] ?? null;

/** `{"padding-top": …}` from paddingAll and its four sides. */
export function paddingsOf(box) {
  const all = lengthOf(box.paddingAll, SPACINGS);
  const side = (value) => lengthOf(value, SPACINGS) ?? all;
  return {
    "padding-top": side(box.paddingTop),
    "padding-bottom": side(box.paddingBottom),
    "padding-inline-start": side(box.paddingStart),
    "padding-inline-end": side(box.paddingEnd),
  };
}

export function offsetsOf(component) {
  return {
    position: component.position === "absolute" ? "absolute" : "relative",
    top: offsetOf(component.offsetTop),
    bottom: offsetOf(component.offsetBottom),
    "inset-inline-start": offsetOf(component.offsetStart),
    "inset-inline-end": offsetOf(component.offsetEnd),
  };
}

/** A CSS gradient, or null for a background that is none. */
export function gradientOf(background) {
  if (background?.type !== "linearGradient") return null;
  const { angle, startColor, endColor, centerColor, centerPosition } = background;
  const [start, end, middle] = [startColor, endColor, centerColor].map(colourOf);
  if (!/^\d+(\.\d+)?deg$/.test(angle ?? "") || !start || !end) return null;
  const at = /^\d+(\.\d+)?%$/.test(centerPosition ?? "") ? centerPosition : "50%";
  return `linear-gradient(${angle}, ${start}, ${middle ? `${middle} ${at}, ` : ""}${end})`;
}

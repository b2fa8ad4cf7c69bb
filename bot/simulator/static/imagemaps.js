/** Imagemaps: one picture with areas to tap, and perhaps a film playing on it. */

import { make, paint, picture } from "./dom.js";
import { icon } from "./icons.js";

const WIDTH = 1040;

export function imagemap(message, { acting }) {
  const whole = { width: message.baseSize?.width || WIDTH, height: message.baseSize?.height || WIDTH };
  const box = make("div", { class: "imagemap", role: "group", "aria-label": message.altText ?? "" }, picture(`${message.baseUrl}/${WIDTH}`, { alt: "" }));
  paint(box, { "aspect-ratio": `${whole.width} / ${whole.height}` });
  if (message.video) box.append(...filmOn(message.video, whole, acting));
  for (const action of message.actions ?? []) {
    const spot = make("button", { type: "button", class: "spot", "aria-label": action.label ?? action.text ?? action.linkUri ?? action.clipboardText ?? "" });
    spot.addEventListener("click", () => acting.perform({ ...action, uri: action.uri ?? action.linkUri }));
    box.append(stand(spot, action.area, whole));
  }
  return box;
}

function filmOn({ originalContentUrl, previewImageUrl, area, externalLink }, whole, acting) {
  const open = () => acting.perform({ type: "uri", uri: originalContentUrl });
  const play = make("button", { type: "button", class: "spot imagemap-film", "aria-label": "เปิดวิดีโอ", onclick: open },
    picture(previewImageUrl, { alt: "" }), make("span", { class: "play", "aria-hidden": "true" }, icon("play")));
  const parts = [stand(play, area, whole)];
  if (externalLink?.linkUri) {
    parts.push(make("button", {
      type: "button", class: "imagemap-link", onclick: () => acting.perform({ type: "uri", uri: externalLink.linkUri }),
    }, externalLink.label || "ดูเพิ่มเติม"));
  }
  return parts;
}

function stand(element, { x = 0, y = 0, width = 0, height = 0 } = {}, whole) {
  return paint(element, {
    left: `${(x / whole.width) * 100}%`, top: `${(y / whole.height) * 100}%`,
    width: `${(width / whole.width) * 100}%`, height: `${(height / whole.height) * 100}%`,
  });
}

/** Stickers as placeholders: LINE's artwork is its own, so we show a face of ours and the two numbers. */

import { make } from "./dom.js";

/** From LINE's list of stickers that a bot may send, with what each one says. */
export const STICKERS = [
  { packageId: "446", stickerId: "1988", words: "สวัสดี" },
  { packageId: "446", stickerId: "1989", words: "ขอบคุณ" },
  { packageId: "789", stickerId: "10855", words: "โอเค" },
  { packageId: "789", stickerId: "10858", words: "เยี่ยม" },
  { packageId: "6325", stickerId: "10979904", words: "รักนะ" },
  { packageId: "11537", stickerId: "52002734", words: "สู้ ๆ" },
  { packageId: "11537", stickerId: "52002739", words: "ขอโทษ" },
  { packageId: "11538", stickerId: "51626494", words: "ฝันดี" },
];

export function renderSticker({ packageId, stickerId }) {
  const known = STICKERS.find((one) => one.packageId === packageId && one.stickerId === stickerId);
  const words = known?.words ?? "สติกเกอร์";
  const look = `look-${(Number(String(stickerId).slice(-3)) || 0) % 4}`;
  return make("div", { class: `sticker ${look}`, role: "img", "aria-label": `สติกเกอร์ ${words}` },
    make("span", { class: "face", "aria-hidden": "true" }, make("i"), make("i"), make("b")),
    make("strong", { "aria-hidden": "true" }, words),
    make("small", { "aria-hidden": "true" }, `${packageId} / ${stickerId}`));
}

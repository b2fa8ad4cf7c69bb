/** Thai dates in the Buddhist era, always in Bangkok's time. */

const BANGKOK = "Asia/Bangkok";
const DAY = new Intl.DateTimeFormat("th-TH-u-ca-buddhist-nu-latn", {
  timeZone: BANGKOK, weekday: "short", day: "numeric", month: "long", year: "numeric",
});
const KEY = new Intl.DateTimeFormat("en-CA", { timeZone: BANGKOK, year: "numeric", month: "2-digit", day: "2-digit" });
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeZone: BANGKOK, hour: "2-digit", minute: "2-digit" });
const PRECISE = new Intl.DateTimeFormat("en-GB", {
  timeZone: BANGKOK, hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3,
});

/** The same for all moments of one Bangkok day. */
export const dayKey = (moment) => KEY.format(moment);
export const clockTime = (moment) => CLOCK.format(moment);
export const preciseTime = (moment) => PRECISE.format(moment);

/** `วันนี้ · อ. 24 พฤศจิกายน 2569` */
export function dayName(moment, now = new Date()) {
  const parts = Object.fromEntries(DAY.formatToParts(moment).map(({ type, value }) => [type, value]));
  const written = `${parts.weekday} ${parts.day} ${parts.month} ${parts.year}`;
  return dayKey(moment) === dayKey(now) ? `วันนี้ · ${written}` : written;
}

/** What a date or time input holds, the way one says it in Thai; empty for a value that is not complete. */
export function sayPicked(mode, value) {
  if (!value) return "";
  if (mode === "time") return `เวลา ${value} น.`;
  const [date, time] = value.split("T");
  const written = dayName(new Date(`${date}T12:00:00+07:00`), new Date(0));
  return time ? `${written} เวลา ${time} น.` : written;
}

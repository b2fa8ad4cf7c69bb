/** The raw traffic: what was posted to the bot, what the bot called, newest first. */

import { readJournal, redeliver, sendEvents } from "./api.js";
import { copy, toast } from "./dialogs.js";
import { byId, make } from "./dom.js";
import { preciseTime } from "./dates.js";
import { icon } from "./icons.js";

const ROWS_KEPT = 150;
const EVERY_MS = 1500;

export class Journal {
  constructor() {
    this.list = byId("journal");
    this.rows = [];
    this.last = null;
    this.userId = null;
    this.mineFirst = true;
    this.timer = null;
    this.reading = null;
    byId("raw-mine").addEventListener("click", () => this.order(true));
    byId("raw-all").addEventListener("click", () => this.order(false));
  }

  /** Reads on while `isLooking`; nothing is asked for behind a closed drawer. */
  watch(isLooking) {
    clearInterval(this.timer);
    this.timer = isLooking ? setInterval(() => { if (!document.hidden) this.refresh(); }, EVERY_MS) : null;
    if (isLooking) this.refresh();
  }

  showFor(userId) {
    this.userId = userId;
    this.draw();
  }

  /** The newest webhook event of the person, as it was sent; undefined when there is none. */
  newestEvent() {
    const row = this.rows.find((one) => one.kind === "webhook" && one.userIds.includes(this.userId) && one.request?.events?.length);
    return row?.request.events.findLast((event) => event.source?.userId === this.userId);
  }

  order(mineFirst) {
    this.mineFirst = mineFirst;
    byId("raw-mine").setAttribute("aria-pressed", String(mineFirst));
    byId("raw-all").setAttribute("aria-pressed", String(!mineFirst));
    this.draw();
  }

  /** One reading at a time; who asks meanwhile waits for the one under way. */
  refresh() {
    this.reading ??= this.readOn()
      // The chat's own poll tells that the line is cut; here the old rows simply stay.
      .catch(() => { this.last = null; })
      .finally(() => { this.reading = null; });
    return this.reading;
  }

  /** Also holds what happened just before the call. */
  async catchUp() {
    await this.reading;
    await this.refresh();
  }

  async readOn() {
    const start = this.last ?? Math.max((await readJournal({ after: 0, limit: 1 })).last - ROWS_KEPT, 0);
    const { rows, last } = await readJournal({ after: start, limit: ROWS_KEPT });
    const isFresh = this.last === null || last < this.last;
    this.last = last < start ? null : (rows.at(-1)?.n ?? last);
    if (!rows.length && !isFresh) return;
    this.rows = [...rows.reverse(), ...(isFresh ? [] : this.rows)].slice(0, ROWS_KEPT);
    this.draw();
  }

  clear() {
    this.rows = [];
    this.last = null;
    this.draw();
  }

  draw() {
    const open = new Set([...this.list.querySelectorAll("details[open]")].map((details) => details.dataset.n));
    const isMine = (row) => row.userIds.includes(this.userId);
    const ordered = this.mineFirst ? [...this.rows.filter(isMine), ...this.rows.filter((row) => !isMine(row))] : this.rows;
    this.list.replaceChildren(...ordered.map((row) => this.entry(row, { isMine: isMine(row), isOpen: open.has(String(row.n)) })));
    if (!ordered.length) this.list.append(make("li", { class: "hint" }, "ยังไม่มีการรับส่ง"));
  }

  entry(row, { isMine, isOpen }) {
    const way = row.kind === "webhook" ? "LINE → บอต" : "บอต → LINE";
    const status = row.status ?? row.result ?? "ไม่ตอบ";
    const isGood = row.status >= 200 && row.status < 300;
    const details = make("details", { class: `journal-row ${row.kind}`, dataset: { n: row.n } },
      make("summary", {},
        make("span", { class: "way" }, way),
        make("code", {}, row.kind === "webhook" ? eventNames(row) : row.path.replace("/v2/bot/", "")),
        make("span", { class: isGood ? "status good" : "status bad" }, String(status)),
        make("small", {}, `${preciseTime(new Date(row.at))} · ${Math.round(row.ms)} ms${isMine ? "" : " · คนอื่น"}`)));
    const fill = () => { if (details.open && details.children.length === 1) details.append(body(row)); };
    details.addEventListener("toggle", fill);
    details.open = isOpen;
    fill();
    return make("li", {}, details);
  }
}

function eventNames(row) {
  const events = row.request?.events ?? [];
  const names = events.map((event) => (event.type === "message" ? event.message?.type : event.type) + (event.deliveryContext?.isRedelivery ? " ↻" : ""));
  return names.join(", ") || (row.request ? "events: []" : "webhook");
}

function body(row) {
  const facts = [
    ["เส้นทาง", `${row.method} ${row.path}`], ["request id", row.requestId], ["retry key", row.retryKey], ["reply token", row.replyToken],
    ["ส่งถึง", row.kind === "call" ? `${row.delivered} คน` : null],
  ].filter(([, value]) => value);
  return make("div", { class: "journal-body" },
    make("dl", {}, facts.map(([name, value]) => [make("dt", {}, name), make("dd", {}, String(value))])),
    block("คำขอ", row.request), block("คำตอบ", row.response), again(row));
}

function block(title, value) {
  const written = value === null || value === undefined ? "(ไม่มีหรือไม่ได้เก็บไว้แล้ว)" : JSON.stringify(value, null, 2);
  const button = make("button", { type: "button", class: "text-button", "aria-label": `คัดลอก${title}`, onclick: () => copy(written) }, icon("copy"), "คัดลอก");
  return make("section", {}, make("div", { class: "section-head" }, make("h4", {}, title), button), make("pre", { tabindex: "0", "aria-label": title }, written));
}

function again(row) {
  if (row.kind !== "webhook" || !row.request?.events?.length) return null;
  return make("div", { class: "tool-buttons" },
    make("button", { type: "button", class: "tool", onclick: () => sendAgain(row.request.events) }, icon("repeat"), "ส่งซ้ำเหมือนเดิม"),
    make("button", { type: "button", class: "tool", onclick: () => row.webhookEventIds.forEach(deliverAgain) }, icon("undo"), "ส่งใหม่แบบ redelivery"));
}

export function sendAgain(events) {
  return tellOutcome(sendEvents(events), "ส่งเหตุการณ์เดิมซ้ำแล้ว");
}

export function deliverAgain(webhookEventId) {
  return tellOutcome(redeliver(webhookEventId), "ส่งใหม่แบบ redelivery แล้ว");
}

/** Says how a webhook fared that was sent by hand. */
export async function tellOutcome(sending, words) {
  try {
    const { status, ms } = await sending;
    const isGood = status >= 200 && status < 300;
    toast(`${words} · บอตตอบ ${status ?? "ไม่ทัน"} ใน ${Math.round(ms)} ms`, { bad: !isGood });
  } catch (error) {
    toast(`ไม่สำเร็จ: ${error.message}`, { bad: true });
  }
}

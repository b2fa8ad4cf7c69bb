/** The conversation: rows in order, days apart, read marks, and staying at the newest. */

import { byId, make } from "./dom.js";
import { clockTime, dayKey, dayName } from "./dates.js";
import { renderMessage } from "./messages.js";

const NEAR_END_PX = 120;

export class Chat {
  /** `acting` performs what is tapped, `openMenu(item, place)` shows what one can do with a message. */
  constructor({ acting, openMenu, account }) {
    this.acting = acting;
    this.openMenu = openMenu;
    this.account = account;
    this.list = byId("chat");
    this.scroller = byId("chat-scroll");
    this.toNewest = byId("to-newest");
    this.loading = byId("loading");
    this.loading.append(...loadingRow(account));
    this.scroller.addEventListener("scroll", () => this.noteScroll(), { passive: true });
    this.toNewest.addEventListener("click", () => this.scrollToEnd({ smooth: true }));
    // The keyboard takes room away, and pictures that arrive late take some more.
    const resized = new ResizeObserver(() => { if (this.atEnd) this.scrollToEnd({ smooth: true }); });
    for (const element of [this.scroller, this.list]) resized.observe(element);
    this.marks = new Map();
    this.clear();
  }

  clear() {
    this.items = [];
    this.isBlank = true;
    this.lastTop = 0;
    this.rows = new Map();
    this.list.replaceChildren();
    this.atEnd = true;
    this.toNewest.hidden = true;
    this.showLoading(false);
  }

  get newest() {
    return this.items.at(-1);
  }

  /** The whole chat anew; does nothing when it is what is shown already. */
  showWhole(items) {
    if (!this.isBlank && signature(items) === signature(this.items)) return;
    this.isBlank = false;
    this.list.setAttribute("aria-busy", "true");
    this.items = [];
    this.rows.clear();
    this.list.replaceChildren(...(items.length ? [] : [emptyHint(this.account)]));
    for (const item of items) this.append(item);
    this.list.removeAttribute("aria-busy");
    this.scrollToEnd();
  }

  showNew(items) {
    const mine = items.some((item) => item.from === "person");
    for (const item of items) {
      if (this.rows.has(item.n)) this.replace(item);
      else this.append(item);
    }
    if (this.atEnd || mine) this.scrollToEnd({ smooth: true });
    else this.toNewest.hidden = false;
  }

  append(item) {
    const previous = this.newest;
    const moment = new Date(item.at);
    if (!previous) this.list.replaceChildren();
    if (!previous || dayKey(new Date(previous.at)) !== dayKey(moment)) this.list.append(daySeparator(moment));
    else if (belongTogether(previous, item)) this.rows.get(previous.n)?.classList.add("followed");
    const row = this.buildRow(item, previous);
    this.items.push(item);
    this.rows.set(item.n, row);
    this.list.append(row);
    if (item.from === "bot") this.markRead();
  }

  replace(item) {
    const place = this.items.findIndex((known) => known.n === item.n);
    const row = this.buildRow(item, this.items[place - 1]);
    this.rows.get(item.n).replaceWith(row);
    this.rows.set(item.n, row);
    this.items[place] = item;
  }

  /** Shows at once what the person has just taken back. */
  takeBack(messageId) {
    const item = this.items.find((known) => known.messageId === messageId && known.from === "person");
    if (item) this.replace({ ...item, unsent: true });
  }

  buildRow(item, previous) {
    if (item.unsent) {
      return make("div", { class: "row note", dataset: { n: item.n } }, make("span", {}, "คุณยกเลิกข้อความแล้ว"));
    }
    const { element, shape } = renderMessage(item.message, { acting: this.acting, from: item.from });
    const meta = make("div", { class: "meta" });
    const row = make("div", { class: `row ${item.from} shape-${shape}`, dataset: { n: item.n, messageId: item.messageId ?? "" } });
    if (previous && belongTogether(previous, item)) row.classList.add("follows");
    if (item.from === "person") meta.append(this.readMark(item));
    meta.append(make("time", { datetime: item.at }, `${clockTime(new Date(item.at))} น.`));
    const line = make("div", { class: "line" }, element, meta);
    if (item.from === "bot") row.append(avatar(item.message.sender, this.account), stack(item.message.sender, line, this.account));
    else row.append(line);
    this.letMenuOpen(item, row, element);
    return row;
  }

  readMark(item) {
    const mark = make("span", { class: "mark" });
    this.setMark(mark, this.marks.get(item.messageId));
    return mark;
  }

  setMark(mark, state) {
    mark.textContent = state === "read" ? "อ่านแล้ว" : state ?? "";
    mark.classList.toggle("failed", state !== undefined && state !== "read");
  }

  /** `state` is "read", or what went wrong with the webhook. */
  mark(messageId, state) {
    if (!messageId) return;
    this.marks.set(messageId, state);
    const mark = this.list.querySelector(`.row.person[data-message-id="${CSS.escape(messageId)}"] .mark`);
    if (mark) this.setMark(mark, state);
  }

  /** The bot has shown a sign of life: whatever was said before it has been read. */
  markRead() {
    for (const item of this.items) {
      if (item.from === "person" && item.messageId && !this.marks.has(item.messageId)) this.mark(item.messageId, "read");
    }
  }

  showLoading(isLoading) {
    if (this.loading.hidden !== isLoading) return;
    this.loading.hidden = !isLoading;
    if (isLoading) this.markRead();
    if (this.atEnd) this.scrollToEnd();
  }

  letMenuOpen(item, row, element) {
    const open = (x, y) => this.openMenu(item, { x, y, row });
    row.addEventListener("contextmenu", (event) => {
      if (event.target.closest("a")) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      open(event.clientX || box.left, event.clientY || box.bottom);
    });
    onLongPress(row, open);
    if (item.from !== "person" || element.classList.contains("pressable")) return;
    element.tabIndex = 0;
    element.setAttribute("aria-haspopup", "menu");
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== element) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      open(box.left, box.bottom);
    });
  }

  /** Only a move upwards leaves the end: on our own way down, messages may come faster than we scroll. */
  noteScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this.atEnd = true;
    else if (scrollTop < this.lastTop) this.atEnd = false;
    this.lastTop = scrollTop;
    if (this.atEnd) this.toNewest.hidden = true;
  }

  scrollToEnd({ smooth = false } = {}) {
    this.atEnd = true;
    this.toNewest.hidden = true;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth && !still ? "smooth" : "instant" });
  }
}

const signature = (items) => items.map((item) => `${item.n}${item.unsent ? "x" : ""}`).join();

function belongTogether(one, next) {
  return one.from === next.from && !one.unsent && !next.unsent
    && one.message.sender?.name === next.message.sender?.name && one.at.slice(0, 16) === next.at.slice(0, 16);
}

function daySeparator(moment) {
  return make("div", { class: "row day" }, make("span", {}, dayName(moment)));
}

function emptyHint(account) {
  return make("div", { class: "empty" },
    avatar(null, account),
    make("strong", {}, account.name),
    make("p", {}, "บัญชีทางการ (จำลอง) · ยังไม่มีข้อความ"));
}

function avatar(sender, account) {
  const image = make("img", { class: "avatar", alt: "", draggable: false });
  image.src = sender?.iconUrl?.startsWith("https://") ? sender.iconUrl : account.picture;
  image.addEventListener("error", () => { image.src = account.picture; }, { once: true });
  return image;
}

function stack(sender, line, account) {
  const name = sender?.name ? make("div", { class: "sender" }, `${sender.name} จาก "${account.name}"`) : null;
  return make("div", { class: "stack" }, name, line);
}

function loadingRow(account) {
  const dots = make("div", { class: "bubble dots", "aria-hidden": "true" }, make("i"), make("i"), make("i"));
  return [
    make("span", { class: "visually-hidden" }, `${account.name} กำลังพิมพ์`),
    avatar(null, account),
    make("div", { class: "stack" }, make("div", { class: "line" }, dots)),
  ];
}

const LONG_PRESS_MS = 500;
const MOVED_PX = 10;

function onLongPress(element, open) {
  let timer = null;
  let start = null;
  const cancel = () => { clearTimeout(timer); timer = null; };
  element.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" || event.target.closest("a, button, [role=button]")) return;
    start = { x: event.clientX, y: event.clientY };
    timer = setTimeout(() => open(start.x, start.y), LONG_PRESS_MS);
  });
  element.addEventListener("pointermove", (event) => {
    if (timer && Math.hypot(event.clientX - start.x, event.clientY - start.y) > MOVED_PX) cancel();
  });
  for (const ending of ["pointerup", "pointercancel", "pointerleave"]) element.addEventListener(ending, cancel);
}

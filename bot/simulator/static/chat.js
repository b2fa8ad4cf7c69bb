/** The conversation: rows in order, days apart, read marks, and staying at the newest. */

import { byId, make } from "./dom.js";
import { clockTime, dayKey, dayName } from "./dates.js";
import { renderMessage } from "./messages.js";
import { letterFace } from "./people.js";

const NEAR_END_PX = 120;
const GLIDE_MS = 1000;

export class Chat {
  /**
   * `acting` performs what is tapped, `openMenu(item, place)` shows what one can do with a message;
   * `authorOf(item)` tells who wrote it in a group, `{displayName, userId, isMe}`, and null in a person's own chat.
   */
  constructor({ acting, openMenu, account, authorOf }) {
    this.acting = acting;
    this.authorOf = authorOf;
    this.openMenu = openMenu;
    this.account = account;
    this.list = byId("chat");
    this.scroller = byId("chat-scroll");
    this.toNewest = byId("to-newest");
    this.loading = byId("loading");
    this.loading.append(...loadingRow(account));
    this.scroller.addEventListener("scroll", () => this.noteScroll(), { passive: true });
    for (const sign of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      this.scroller.addEventListener(sign, () => { this.glidesUntil = 0; }, { passive: true });
    }
    this.toNewest.addEventListener("click", () => this.scrollToEnd({ smooth: true }));
    // The keyboard takes room away, and pictures that arrive late take some more.
    const resized = new ResizeObserver(() => { if (this.atEnd) this.scrollToEnd({ smooth: true }); });
    for (const element of [this.scroller, this.list]) resized.observe(element);
    this.marks = new Map();
    /** False while the account reads by hand: then only its marks say that something was read. */
    this.readsByItself = true;
    this.edited = new Set();
    this.clear();
  }

  clear() {
    this.items = [];
    this.isBlank = true;
    this.lastTop = 0;
    this.glidesUntil = 0;
    this.rows = new Map();
    this.list.replaceChildren();
    this.atEnd = true;
    this.toNewest.hidden = true;
    this.showLoading(false);
  }

  get newest() {
    return this.items.at(-1);
  }

  /** The whole chat anew; only what is different is drawn again when the messages are those that are shown already. */
  showWhole(items) {
    this.noteEdits(items);
    if (!this.isBlank && numbers(items) === numbers(this.items)) {
      for (const [place, item] of items.entries()) if (looks(item) !== looks(this.items[place])) this.replace(item);
      return;
    }
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

  noteEdits(items) {
    const before = new Map(this.items.map((item) => [item.messageId, item.message.text]));
    for (const { messageId, message } of items) {
      if (messageId && before.has(messageId) && before.get(messageId) !== message.text) this.edited.add(messageId);
    }
  }

  /** Somebody else speaks from now on: their words stand on their side. */
  redraw() {
    const { items } = this;
    this.isBlank = true;
    this.showWhole(items);
  }

  append(item) {
    const previous = this.newest;
    const moment = new Date(item.at);
    if (!previous) this.list.replaceChildren();
    if (!previous || dayKey(new Date(previous.at)) !== dayKey(moment)) this.list.append(daySeparator(moment));
    else if (this.belongTogether(previous, item)) this.rows.get(previous.n)?.classList.add("followed");
    const row = this.buildRow(item, previous);
    this.items.push(item);
    this.rows.set(item.n, row);
    this.list.append(row);
    if (item.from === "bot") this.markRead();
  }

  replace(item) {
    const place = this.items.findIndex((known) => known.n === item.n);
    const row = this.buildRow(item, this.items[place - 1]);
    const before = this.rows.get(item.n);
    row.classList.toggle("followed", before.classList.contains("followed"));
    before.replaceWith(row);
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
      return make("div", { class: "row note", dataset: { n: item.n } }, make("span", {}, this.sayTakenBack(item)));
    }
    const author = item.from === "person" ? this.authorOf(item) : null;
    const side = author && !author.isMe ? "member" : item.from;
    const { element, shape } = renderMessage(item.message, { acting: this.acting, from: item.from });
    const meta = make("div", { class: "meta" });
    const row = make("div", { class: `row ${side} shape-${shape}`, dataset: { n: item.n, messageId: item.messageId ?? "" } });
    if (previous && this.belongTogether(previous, item)) row.classList.add("follows");
    if (side === "person") meta.append(this.readMark(item));
    if (this.edited.has(item.messageId)) meta.append(make("span", { class: "edited" }, "แก้ไขแล้ว"));
    meta.append(make("time", { datetime: item.at }, `${clockTime(new Date(item.at))} น.`));
    const line = make("div", { class: "line" }, element, meta);
    if (side === "member") row.append(letterFace(author, "avatar"), make("div", { class: "stack" }, make("div", { class: "sender" }, author.displayName), line));
    else if (item.from === "bot") row.append(avatar(item.message.sender, this.account), stack(item.message.sender, line, this.account));
    else row.append(line);
    this.letMenuOpen(item, row, element);
    return row;
  }

  sayTakenBack(item) {
    const author = this.authorOf(item);
    return author && !author.isMe ? `${author.displayName} ยกเลิกข้อความแล้ว` : "คุณยกเลิกข้อความแล้ว";
  }

  belongTogether(one, next) {
    return one.from === next.from && !one.unsent && !next.unsent && this.authorOf(one)?.userId === this.authorOf(next)?.userId
      && one.message.sender?.name === next.message.sender?.name && one.at.slice(0, 16) === next.at.slice(0, 16);
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
    if (!this.readsByItself) return;
    for (const item of this.items) {
      if (item.from === "person" && item.messageId && !this.marks.has(item.messageId)) this.mark(item.messageId, "read");
    }
  }

  /**
   * This message, and all before it, have been read. An account that reads by itself reads what the bot never got, too:
   * then what went wrong stays beside the message.
   */
  markReadUpTo(messageId) {
    const place = messageId ? this.items.findLastIndex((item) => item.messageId === messageId) : -1;
    for (const item of this.items.slice(0, place + 1)) {
      const known = this.marks.get(item.messageId);
      const isNews = this.readsByItself ? known === undefined : known !== "read";
      if (item.from === "person" && item.messageId && isNews) this.mark(item.messageId, "read");
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

  /** Only a person's move upwards leaves the end: while we glide there, messages, pictures and menus push the chat about. */
  noteScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this.atEnd = true;
    else if (scrollTop < this.lastTop && performance.now() > this.glidesUntil) this.atEnd = false;
    this.lastTop = scrollTop;
    if (this.atEnd) this.toNewest.hidden = true;
  }

  scrollToEnd({ smooth = false } = {}) {
    this.atEnd = true;
    this.toNewest.hidden = true;
    this.glidesUntil = performance.now() + GLIDE_MS;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth && !still ? "smooth" : "instant" });
  }
}

const numbers = (items) => items.map((item) => item.n).join();
const looks = (item) => `${item.unsent} ${item.message.text ?? ""}`;

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

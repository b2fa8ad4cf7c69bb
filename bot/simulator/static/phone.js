/** The phone page: puts its parts together, and carries what a person does to the platform. */

import { act } from "./api.js";
import { Acting } from "./actions.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { clockTime } from "./dates.js";
import { copy, openMenu, toast } from "./dialogs.js";
import { byId } from "./dom.js";
import { Feed } from "./feed.js";
import { icon, placeIcons } from "./icons.js";
import { Journal } from "./journal.js";
import { plainWords } from "./messages.js";
import { Panels } from "./panels.js";
import { People } from "./people.js";
import { QuickReplies } from "./quick_replies.js";
import { Tools, describeStats } from "./tools.js";

const PREVIEW_MS = 5000;
const { accountName, static: files } = document.body.dataset;

const journal = new Journal();
const acting = new Acting({ speak, write: (text) => composer.write(text) });
const chat = new Chat({ acting, openMenu: openMessageMenu, account: { name: accountName, picture: `${files}account.svg` } });
const quickReplies = new QuickReplies(acting);
const composer = new Composer({ speak, sendPlace: () => acting.sendPlace() });
const feed = new Feed({ show, connected });
const people = new People({ chosen: takePhone });
const panels = new Panels({ looking: (isLooking) => journal.watch(isLooking) });
new Tools({ journal, person: () => people.current, preview: previewDots, restarted: startAnew });

let lastSpoken = Promise.resolve();

/** Anything a person does, in the order in which they do it; resolves to whether the platform took it. */
function speak(what, body = {}) {
  const userId = people.current?.userId;
  if (!userId) return Promise.resolve(false);
  lastSpoken = lastSpoken.then(() => carry(userId, what, body));
  return lastSpoken;
}

/** Takes it to the platform, and marks how the bot took it. */
async function carry(userId, what, body) {
  try {
    const { messageId, status, ms } = await act(userId, what, body);
    const isGood = status >= 200 && status < 300;
    if (people.current?.userId === userId) chat.mark(messageId, isGood ? "read" : failure(status, ms));
    if (!isGood) toast(`ถึงบอตแล้วไม่สำเร็จ (${failure(status, ms)})`, { bad: true });
    refreshRaw();
    return true;
  } catch (error) {
    toast(`ส่งไม่ได้: ${error.message}`, { bad: true });
    return false;
  }
}

function failure(status, ms) {
  if (status) return `บอตตอบ ${status}`;
  return ms >= 2000 ? "บอตตอบไม่ทัน 2 วินาที" : "ติดต่อบอตไม่ได้";
}

function takePhone(person) {
  chat.clear();
  quickReplies.show(null);
  showFollowing(person.following);
  byId("speaking-as").textContent = `คุยในนาม ${person.displayName}`;
  journal.showFor(person.userId);
  feed.follow(person.userId);
  panels.close();
}

function show(view, { whole }) {
  if (whole) chat.showWhole(view.items);
  else chat.showNew(view.items);
  chat.showLoading(view.loading);
  quickReplies.show(chat.newest);
  showFollowing(view.following);
  people.noteFollowing(view.following);
  refreshRaw();
}

function showFollowing(isFollowing) {
  byId("composer").hidden = !isFollowing;
  byId("add-friend").hidden = isFollowing;
  byId("add-friend-text").textContent = `ยังไม่ได้เป็นเพื่อนกับ ${accountName} หรือบล็อกอยู่`;
  quickReplies.row.classList.toggle("away", !isFollowing);
  if (!isFollowing) composer.showTray(false);
}

function connected(isConnected, error) {
  const banner = byId("banner");
  if (!isConnected && error?.status === 404) people.load().catch(() => {});
  banner.hidden = isConnected;
  banner.textContent = isConnected ? "" : "ติดต่อเครื่องจำลองไม่ได้ กำลังลองใหม่…";
}

function previewDots() {
  chat.showLoading(true);
  panels.close();
  setTimeout(() => chat.showLoading(false), PREVIEW_MS);
}

async function startAnew() {
  journal.clear();
  people.current = null;
  await people.load();
}

async function refreshRaw() {
  if (!journal.timer) return;
  await journal.catchUp();
  byId("raw-stats").textContent = await describeStats().catch(() => "");
}

function openMessageMenu(item, { x, y }) {
  const words = plainWords(item.message);
  const entries = [];
  if (words) entries.push({ label: "คัดลอก", icon: "copy", run: () => copy(words) });
  if (item.from === "person" && item.messageId) entries.push({ label: "ยกเลิกข้อความ", icon: "undo", run: () => unsend(item.messageId), kind: "danger" });
  entries.push({ label: "คัดลอก JSON", icon: "code", run: () => copy(JSON.stringify(item.message, null, 2)) });
  openMenu(entries, { x, y, label: "ทำอะไรกับข้อความนี้" });
}

async function unsend(messageId) {
  if (await speak("unsend", { messageId })) chat.takeBack(messageId);
}

function openChatMenu() {
  const box = byId("open-menu").getBoundingClientRect();
  const isFriend = people.current.following;
  openMenu([
    isFriend
      ? { label: "บล็อกบัญชีนี้", icon: "block", run: () => speak("unfollow"), kind: "danger" }
      : { label: "เพิ่มเพื่อน / เลิกบล็อก", icon: "friend", run: () => speak("follow") },
    { label: "เปลี่ยนคนที่คุย", icon: "friend", run: () => panels.open("side") },
    { label: "เครื่องมือทดลอง", icon: "tools", run: openTools },
    { label: "ข้อมูลดิบ", icon: "code", run: () => panels.open("raw") },
  ], { x: box.right - 220, y: box.bottom + 4, label: "เมนูของแชต" });
}

function openTools() {
  panels.open("side");
  byId("tools").scrollIntoView({ block: "start" });
}

function showTime() {
  byId("status-time").textContent = clockTime(new Date());
}

placeIcons(document);
byId("status-icons").append(icon("signal"), icon("battery"));
byId("open-people").addEventListener("click", () => panels.open("side"));
byId("open-raw").addEventListener("click", () => panels.open("raw"));
byId("open-menu").addEventListener("click", openChatMenu);
byId("follow").addEventListener("click", () => speak("follow"));
showTime();
setInterval(showTime, 10_000);

(async function start() {
  try {
    await people.load();
  } catch (error) {
    connected(false, error);
    setTimeout(start, 1000);
  }
})();

/** The phone page: puts its parts together, and carries what a person does to the platform. */

import { Acting } from "./actions.js";
import { readSettings } from "./api.js";
import { Authors } from "./authors.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { clockTime } from "./dates.js";
import { openMenu, toast } from "./dialogs.js";
import { byId } from "./dom.js";
import { Feed } from "./feed.js";
import { fitAgain } from "./flex_fitting.js";
import { GroupSeat } from "./group_seat.js";
import { Groups } from "./groups.js";
import { icon, placeIcons } from "./icons.js";
import { Journal } from "./journal.js";
import { MessageMenu } from "./message_menu.js";
import { Panels } from "./panels.js";
import { People } from "./people.js";
import { QuickReplies } from "./quick_replies.js";
import { RichMenu } from "./rich_menu.js";
import { SAID_IN_GROUPS, Speaking } from "./speaking.js";
import { TextSize } from "./text_size.js";
import { Tools, describeStats } from "./tools.js";

const PREVIEW_MS = 5000;
/** What happens without a word in the chat (a menu is linked, the bot leaves) is looked up this often. */
const PULSE_MS = 2000;
const IN_FRAME = window.parent !== window;
const { accountName, accountId, static: files } = document.body.dataset;
const account = { name: accountName, userId: accountId, picture: `${files}account.svg` };

const journal = new Journal();
const authors = new Authors();
const speaking = new Speaking({ done: noteOutcome, failed: (error) => toast(`ส่งไม่ได้: ${error.message}`, { bad: true }) });
const acting = new Acting({ speak, write, openMenu: (isOpen) => richMenu.open(isOpen), switchMenu });
const messageMenu = new MessageMenu({ isOwn, mayEdit: () => seat.group?.kind === "group", edit, unsend });
const chat = new Chat({ acting, openMenu: (item, place) => messageMenu.open(item, place), account, authorOf });
const quickReplies = new QuickReplies(acting);
const composer = new Composer({ speak, sendPlace: () => acting.sendPlace(), sendVoice: () => acting.sendVoice() });
const feed = new Feed({ show, connected });
const people = new People({ chosen: takePhone });
const groups = new Groups({ people: () => people.people, chosen: takeSeat });
const seat = new GroupSeat({
  people: () => people.people, account, insert: (words) => composer.insert(words), handedOver: () => chat.redraw(), changed: lookAround,
});
const richMenu = new RichMenu({ perform: (action) => acting.perform(action), changed: arrangeFoot });
const panels = new Panels({ looking: (isLooking) => journal.watch(isLooking) });
const textSize = new TextSize({ switches: [byId("text-size")], changed: fitLetters });
new Tools({ journal, person: () => people.current, preview: previewDots, restarted: startAnew });

/** Anything a person does, in the order in which they do it; resolves to whether the platform took it. */
function speak(what, body = {}) {
  const from = seat.group ? seat.voice : { userId: people.current?.userId };
  return from.userId ? speaking.say(from, what, body) : Promise.resolve(false);
}

function noteOutcome({ from, messageId, status, ms, isGood }) {
  if (from.group) authors.note(messageId, from.userId);
  if (from.group ? seat.group?.groupId === from.group.groupId : isHere(from.userId)) markHow(messageId, isGood ? null : failure(status, ms));
  if (!isGood) toast(`ถึงบอตแล้วไม่สำเร็จ (${failure(status, ms)})`, { bad: true });
  refreshRaw();
}

function markHow(messageId, wrong) {
  if (wrong) chat.mark(messageId, wrong);
  else if (chat.readsByItself) chat.mark(messageId, "read");
}

function failure(status, ms) {
  if (status) return `บอตตอบ ${status}`;
  return ms >= 2000 ? "บอตตอบไม่ทัน 2 วินาที" : "ติดต่อบอตไม่ได้";
}

function write(text) {
  richMenu.useKeyboard();
  composer.write(text);
}

/** Resolves once it is known whether the account reads by itself. */
let settled = Promise.resolve();

async function learnSettings() {
  const settings = await readSettings().catch(() => null);
  chat.readsByItself = settings?.markAsReadMode !== "manual";
}

/** The chat that is open: a group's id, or the person's own. */
const openChatId = () => seat.group?.groupId ?? people.current?.userId;
const isHere = (chatId) => openChatId() === chatId;

function takePhone(person) {
  groups.choose(null);
  seat.standUp();
  seat.sit(null);
  open({ title: accountName, name: person.displayName, line: `คุยในนาม ${person.displayName}`, hash: person.userId });
}

function takeSeat(group) {
  seat.standUp();
  seat.sit(group, people.current?.userId);
  open({ title: seat.title, name: seat.title, line: "", hash: `${people.current?.userId}/${group.groupId}` });
  describeSeat();
}

function open({ title, name, line, hash }) {
  history.replaceState(null, "", `#${hash}`);
  if (IN_FRAME) window.parent.postMessage({ hash, name }, location.origin);
  settled = learnSettings();
  chat.clear();
  richMenu.clear();
  quickReplies.show(null);
  byId("chat-name").textContent = title;
  byId("speaking-as").textContent = line;
  arrangeFoot();
  journal.showFor(people.current.userId);
  feed.follow(openChatId());
  panels.close();
  lookAround();
}

function describeSeat() {
  const { members, hasBot } = seat.group;
  byId("speaking-as").textContent = `${members.length.toLocaleString("th-TH")} คน${hasBot ? " และบอต" : " ไม่มีบอต"}`;
}

async function show(view, { whole }) {
  const chatId = openChatId();
  await settled;
  if (seat.group) await authors.learn(view.items).catch(() => {});
  if (!isHere(chatId)) return;
  if (whole) chat.showWhole(view.items);
  else chat.showNew(view.items);
  chat.markReadUpTo(view.readUpTo);
  chat.showLoading(view.loading);
  quickReplies.show(chat.newest);
  if (!seat.group) people.noteFollowing(view.following);
  arrangeFoot();
  refreshRaw();
}

/** Who writes in the chat, as it shows them; null in a person's own chat. */
function authorOf(item) {
  const userId = authors.find(item) ?? (speaking.underWay ? seat.voice.userId : undefined);
  return seat.describeAuthor(userId);
}

function isOwn(item) {
  return !seat.group || authorOf(item).isMe;
}

/** The foot of the phone: the account's menu, words to write, or why neither is there. */
function arrangeFoot() {
  const { group } = seat;
  const mayWrite = group ? group.hasBot && group.members.length > 0 : people.current?.following === true;
  const isBar = richMenu.arrange({ mayShow: !group && mayWrite });
  byId("composer").hidden = !mayWrite || isBar;
  byId("group-bar").hidden = !(group && mayWrite);
  byId("add-friend").hidden = mayWrite;
  byId("add-friend-text").textContent = group ? sayWhyNot(group) : `ยังไม่ได้เป็นเพื่อนกับ ${accountName} หรือบล็อกอยู่`;
  byId("follow").textContent = group ? "เชิญบอตเข้ากลุ่ม" : "เพิ่มเพื่อน";
  byId("follow").hidden = group !== null && group.hasBot;
  quickReplies.row.classList.toggle("away", !mayWrite);
  composer.offer(group ? SAID_IN_GROUPS : null);
  if (!mayWrite || isBar) composer.showTray(false);
  else composer.fit();
}

function sayWhyNot({ hasBot }) {
  return hasBot ? "ไม่มีใครอยู่ในกลุ่มนี้แล้ว เพิ่มสมาชิกได้จากเมนูของแชต" : "บอตไม่ได้อยู่ในกลุ่มนี้";
}

function fitLetters() {
  fitAgain();
  composer.fit();
}

/** Notices what the chat does not tell: another menu, who sits in a group, who wrote what. */
async function lookAround() {
  const chatId = openChatId();
  if (!chatId) return;
  if (await groups.load().catch(() => false) && isHere(chatId)) sitAgain();
  if (!isHere(chatId)) return;
  if (!seat.group) await richMenu.refresh(chatId, { isStill: () => isHere(chatId) });
  const learned = seat.group && await authors.learn(chat.items).catch(() => false);
  if (learned && isHere(chatId)) chat.redraw();
}

/** Somebody came, went, or speaks from now on. */
function sitAgain() {
  if (!groups.current) return takePhone(people.current);
  seat.sit(groups.current, people.current.userId);
  describeSeat();
  arrangeFoot();
  return chat.redraw();
}

async function switchMenu({ richMenuAliasId, data = "" }) {
  const { userId } = people.current;
  const before = richMenu.menu?.richMenuId;
  const went = await speak("switch-menu", { richMenuAliasId, data });
  await richMenu.refresh(userId, { isStill: () => isHere(userId), staysOpen: true });
  if (went && richMenu.menu?.richMenuId === before) toast(`เมนูยังเป็นอันเดิม (${richMenuAliasId})`, { bad: true });
  return went;
}

function connected(isConnected, error) {
  const banner = byId("banner");
  if (!isConnected && error?.status === 404) findPlace().catch(() => {});
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
  await findPlace();
}

/** Everybody, and the group that the address names, if it is there. */
async function findPlace() {
  const wanted = location.hash.split("/")[1];
  await people.load();
  const wasIn = seat.group !== null;
  await groups.load();
  const group = groups.find(wanted);
  if (group && !wasIn) groups.choose(group);
  else if (!group && wasIn) takePhone(people.current);
}

async function refreshRaw() {
  if (!journal.timer) return;
  await journal.catchUp();
  byId("raw-stats").textContent = await describeStats().catch(() => "");
}

async function unsend(messageId) {
  if (await speak("unsend", { messageId })) chat.takeBack(messageId);
}

async function edit({ messageId, message }) {
  const text = await seat.askForEdit(message.text);
  if (text && text !== message.text) await speak("edit", { messageId, text });
}

function openChatMenu() {
  const box = byId("open-menu").getBoundingClientRect();
  openMenu([
    ...(seat.group ? [...seat.menuEntries, { label: "กลับไปแชตส่วนตัว", icon: "back", run: () => takePhone(people.current) }] : [friendship()]),
    { label: "เปลี่ยนคนที่คุย", icon: "friend", run: () => panels.open("side") },
    { label: textSize.isLarge ? "ตัวอักษรปกติ" : "ตัวอักษรใหญ่", icon: "letters", run: () => textSize.toggle() },
    { label: "เครื่องมือทดลอง", icon: "tools", run: openTools },
    { label: "ข้อมูลดิบ", icon: "code", run: () => panels.open("raw") },
  ], { x: box.right - 220, y: box.bottom + 4, label: "เมนูของแชต" });
}

function friendship() {
  return people.current.following
    ? { label: "บล็อกบัญชีนี้", icon: "block", run: () => speak("unfollow"), kind: "danger" }
    : { label: "เพิ่มเพื่อน / เลิกบล็อก", icon: "friend", run: () => speak("follow") };
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
byId("follow").addEventListener("click", () => (seat.group ? seat.invite() : speak("follow")));
byId("several-phones").hidden = IN_FRAME;
showTime();
setInterval(showTime, 10_000);
setInterval(() => { if (!document.hidden) lookAround(); }, PULSE_MS);

(async function start() {
  try {
    await findPlace();
  } catch (error) {
    connected(false, error);
    setTimeout(start, 1000);
  }
})();

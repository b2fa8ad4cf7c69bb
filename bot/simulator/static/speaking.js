/** Carries what a person does to the platform, in the order in which they do it. */

import { act, actInGroup, sendEvents } from "./api.js";
import { findMentions } from "./mentions.js";

const CALM_GESTURES = new Set(["unsend", "postback"]);
/** What the control API can say in a group. Pictures, films, sounds and files have a way to one person's chat only. */
export const SAID_IN_GROUPS = new Set(["text", "sticker", "location"]);

export class Speaking {
  /** `done(outcome)` hears how the bot took it, `failed(error)` that the platform did not. */
  constructor({ done, failed }) {
    this.done = done;
    this.failed = failed;
    this.last = Promise.resolve();
    this.underWay = 0;
  }

  /** `from` is `{userId, group?, mentionable?}`; resolves to whether the platform took it. */
  say(from, what, body = {}) {
    this.underWay += 1;
    this.last = this.last.then(() => this.carry(from, what, body)).finally(() => { this.underWay -= 1; });
    return this.last;
  }

  async carry(from, what, body) {
    try {
      const outcome = from.group ? await carryIntoGroup(from, what, body) : await act(from.userId, what, body);
      this.done({ ...outcome, from, isGood: outcome.status >= 200 && outcome.status < 300 });
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }
}

async function carryIntoGroup({ userId, group, mentionable }, what, body) {
  if (what === "edit") return actInGroup(group.groupId, what, { ...body, ...mentionsFirst(body.text, mentionable), userId });
  if (CALM_GESTURES.has(what)) return actInGroup(group.groupId, what, { ...body, userId });
  if (!SAID_IN_GROUPS.has(what)) throw new Error("ในกลุ่มจำลองส่งได้เฉพาะข้อความ สติกเกอร์ และตำแหน่งค่ะ");
  const mentionees = what === "text" ? findMentions(body.text, mentionable) : [];
  const message = {
    type: what, ...body,
    ...(what === "sticker" ? { stickerResourceType: "STATIC" } : {}),
    ...(mentionees.length ? { mention: { mentionees } } : {}),
  };
  const { events: [event], ...outcome } = await sendEvents([{ type: "message", source: sourceOf(group, userId), message }]);
  return { ...outcome, messageId: event.message.id };
}

function sourceOf({ groupId, kind }, userId) {
  return kind === "room" ? { type: "room", roomId: groupId, userId } : { type: "group", groupId, userId };
}

/** An edited text is told without the names, which the platform writes at its beginning. */
function mentionsFirst(text, mentionable) {
  const mentionees = findMentions(text, mentionable);
  if (!mentionees.length) return { text };
  const bare = mentionees.reduceRight((words, { index, length }) => words.slice(0, index) + words.slice(index + length), text);
  return { text: bare.replace(/ {2,}/g, " ").trim() || " ", mention: mentionees.map(({ type, userId }) => (type === "all" ? type : userId)) };
}

/** Who wrote what in a group: the chat tells only that somebody did. */

import { readJournal } from "./api.js";

const ROWS_AT_ONCE = 1000;

export class Authors {
  constructor() {
    this.byMessage = new Map();
    this.last = 0;
  }

  note(messageId, userId) {
    if (messageId) this.byMessage.set(messageId, userId);
  }

  /** Undefined while nobody has told. */
  find(item) {
    return item.userId ?? this.byMessage.get(item.messageId);
  }

  /** Looks up in the raw traffic who wrote the items; resolves to whether more is known than before. */
  async learn(items) {
    const unknown = items.filter((item) => item.from === "person" && !this.find(item));
    if (!unknown.length) return false;
    const { rows, last } = await readJournal({ after: this.last, limit: ROWS_AT_ONCE, kind: "webhook" });
    // After a reset of the platform its numbers begin anew, below ours.
    this.last = rows.at(-1)?.n ?? Math.min(this.last, last);
    for (const event of rows.flatMap((row) => row.request?.events ?? [])) {
      if (event.message?.id && event.source?.userId) this.note(event.message.id, event.source.userId);
    }
    return unknown.some((item) => this.find(item));
  }
}

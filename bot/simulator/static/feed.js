/** The long poll on one chat, a person's or a group's. */

import { readChat } from "./api.js";

const WAIT_SECONDS = 20;
const LONGEST_PAUSE_MS = 5000;

export class Feed {
  /** `show(view, {whole})` gets what is new, or the whole chat, and may take its time; `connected(isConnected)` tells about the line. */
  constructor({ show, connected }) {
    this.show = show;
    this.connected = connected;
    this.stopping = null;
  }

  /** Leaves the chat that was followed before, if any. */
  follow(chatId) {
    this.stop();
    this.stopping = new AbortController();
    this.run(chatId, this.stopping.signal);
  }

  stop() {
    this.stopping?.abort();
  }

  async run(chatId, signal) {
    let after = 0;
    let wait = 0;
    let pause = 0;
    while (!signal.aborted) {
      try {
        const view = await readChat(chatId, { after, wait, signal });
        if (signal.aborted) return;
        this.connected(true);
        pause = 0;
        wait = WAIT_SECONDS;
        after = await this.take(chatId, view, after, signal);
      } catch (error) {
        if (signal.aborted) return;
        // The platform may have started anew, with numbers from one: begin again.
        after = wait = 0;
        this.connected(false, error);
        pause = Math.min(pause ? pause * 2 : 500, LONGEST_PAUSE_MS);
        await sleep(pause, signal);
      }
    }
  }

  /**
   * Without a new item something else changed: an old item, the whole chat, or nothing for a while. Then the chat is
   * fetched anew, which also mends what another page has taken back or reset. Returns where we are.
   */
  async take(chatId, view, after, signal) {
    if (after === 0) {
      await this.show(view, { whole: true });
      return view.last;
    }
    if (view.items.length > 0) {
      await this.show(view, { whole: false });
      return view.last;
    }
    const whole = await readChat(chatId, { after: 0, wait: 0, signal });
    if (signal.aborted) return after;
    await this.show(whole, { whole: true });
    return whole.last;
  }
}

function sleep(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}

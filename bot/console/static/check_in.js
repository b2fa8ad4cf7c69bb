"use strict";
// The door: scanning, and what waits on this phone for a signal. Typing works without this file.
(() => {
  const KEPT = "civicbot-door/";
  const SEND_SECONDS = 15;
  const COUNT_EVERY = 15000;
  const ROSTER_EVERY = 300000;
  const SAME_AGAIN = 4000; // milliseconds for which a QR held before the camera is one scan
  const element = (name, words = "", className = "") => {
    const one = document.createElement(name);
    one.textContent = words;
    one.className = className;
    return one;
  };
  const within = (seconds) => (AbortSignal.timeout ? AbortSignal.timeout(seconds * 1000) : undefined);
  const letters = (count) => [...crypto.getRandomValues(new Uint8Array(count))].map((one) => one.toString(16).padStart(2, "0")).join("");

  // What waits. One entry of the browser's store for each, so that two tabs never write over one another.
  const memory = new Map();
  const box = {
    put(name, item) {
      try { localStorage.setItem(name, JSON.stringify(item)); } catch { memory.set(name, JSON.stringify(item)); }
    },
    drop(name) {
      memory.delete(name);
      try { localStorage.removeItem(name); } catch { /* it is in memory alone */ }
    },
    list(start) {
      const found = new Map();
      try {
        for (const name of Object.keys(localStorage)) { found.set(name, localStorage.getItem(name)); }
      } catch { /* likewise */ }
      for (const [name, text] of memory) { found.set(name, text); } // what the store had no room for is the newer
      return [...found.keys()].filter((name) => name.startsWith(start)).sort()
        .map((name) => ({ name, item: JSON.parse(found.get(name)) }));
    },
  };

  for (const place of document.querySelectorAll("[data-unsent]")) {
    const count = box.list(`${KEPT}${place.dataset.unsent}/`).length;
    place.hidden = !count;
    place.textContent = `รอส่ง ${count} รายการ เปิดงานนี้เพื่อส่งค่ะ`;
  }

  const wall = document.querySelector("[data-wall]");
  if (wall) {
    const look = async () => {
      let wait = 15;
      try {
        const response = await fetch(wall.dataset.wall, { redirect: "manual", signal: within(10) });
        if (response.type === "opaqueredirect") { throw new Error("signed out"); }
        const now = await response.json();
        wall.querySelector("[data-code]").textContent = now.code;
        wall.querySelector(".wall-on").hidden = !now.code;
        wall.querySelector(".wall-off").hidden = Boolean(now.code);
        wall.querySelector("[data-came]").textContent = now.came;
        wall.querySelector("[data-expected]").textContent = now.expected;
        wall.querySelector("[data-stale]").textContent = "";
        wait = Math.min(wait, now.seconds + 1);
      } catch {
        wall.querySelector("[data-stale]").textContent = "ติดต่อระบบไม่ได้ เลขนี้อาจใช้ไม่ได้แล้ว ลองโหลดหน้านี้ใหม่ค่ะ";
      }
      window.setTimeout(look, wait * 1000);
    };
    window.setTimeout(look, Math.min(15, Number(wall.dataset.seconds) + 1) * 1000);
  }

  const door = document.querySelector("[data-door]");
  const answer = document.querySelector("[data-answer]");
  if (!door || !answer) { return; }
  const whole = Boolean(door.dataset.door); // else the one that is kept for a reload without a signal
  if (!whole) {
    const here = window.location.pathname.replace(/\/$/, "");
    door.dataset.door = here.split("/").pop();
    Object.assign(door.dataset, { sendTo: `${here}/send`, roster: `${here}/roster`, count: `${here}/count`, signIn: `${door.dataset.signIn}?next=${encodeURIComponent(here)}` });
    door.querySelector("[data-whole-page]").href = window.location.href;
  }
  const mine = `${KEPT}${door.dataset.door}/`;
  const part = (!whole && new URLSearchParams(window.location.search).get("part")) || door.dataset.part;
  const last = door.querySelector("[data-last]");
  const unsolved = door.querySelector("[data-unsolved]");
  let token = door.dataset.token;
  let state = "online"; // or "offline", or "signed out"
  let current = ""; // what the person at the phone did last
  let counter = 0;

  // Sound and shaking, as this phone has them set.
  const settings = door.querySelector("[data-settings]");
  settings.hidden = false;
  for (const tick of settings.querySelectorAll("[data-keep]")) {
    const name = `civicbot-${tick.dataset.keep}`;
    try { tick.checked = localStorage.getItem(name) !== "no"; } catch { tick.checked = true; }
    tick.addEventListener("change", () => { try { localStorage.setItem(name, tick.checked ? "yes" : "no"); } catch { /* as it is */ } });
  }
  let sound = null;
  const feel = (tone) => {
    if (settings.querySelector("#shake").checked && navigator.vibrate) { navigator.vibrate({ good: 80, queued: 80, notice: [80, 80, 80] }[tone] || 400); }
    if (!settings.querySelector("#sound").checked || !window.AudioContext) { return; }
    sound = sound || new AudioContext();
    const [pitch, seconds] = { good: [880, 0.12], queued: [660, 0.12], notice: [520, 0.3] }[tone] || [220, 0.5];
    const voice = sound.createOscillator();
    const volume = sound.createGain();
    voice.frequency.value = pitch;
    volume.gain.value = 0.2;
    voice.connect(volume).connect(sound.destination);
    voice.start();
    voice.stop(sound.currentTime + seconds);
  };

  // Who is expected, for the time without a signal: in this page's memory only.
  let roster = null;
  const digest = async (text) => {
    if (!crypto.subtle) { return ""; }
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
    return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("").slice(0, 32);
  };
  const loadRoster = async () => {
    try {
      const response = await fetch(door.dataset.roster, { redirect: "manual", signal: within(SEND_SECONDS) });
      if (response.ok) {
        const rows = (await response.json()).map(([hash, code, name, party]) => ({ hash, code, name, party }));
        roster = { rows, hashes: new Map(rows.map((one) => [one.hash, one])), codes: new Map(rows.map((one) => [one.code, one])) };
      }
    } catch { /* the next time */ }
    tellRoster();
  };
  const forget = () => { roster = null; tellRoster(); };
  const tellRoster = () => {
    door.querySelector("[data-roster-told]").textContent = roster
      ? `โหลดรายชื่อไว้แล้ว ${roster.rows.length} รายการ หน้านี้จึงบอกชื่อได้แม้ไม่มีสัญญาณ และลืมเมื่อปิดหน้านี้`
      : "ยังไม่ได้โหลดรายชื่อ ตอนไม่มีสัญญาณจะบอกชื่อไม่ได้";
  };
  window.addEventListener("pagehide", forget);
  window.addEventListener("pageshow", (event) => { if (event.persisted) { loadRoster(); count(); } });

  const CODE_LETTERS = "23456789CFHJKMNPRTVWX";
  const MISREAD = { S: "5", Z: "2", B: "8", G: "6", U: "V", Y: "V" };
  const readCode = (text) => {
    const typed = text.normalize("NFKC").toUpperCase().replace(/[๐-๙]/g, (one) => String(one.charCodeAt(0) - 3664)).replace(/[^\p{L}\p{N}]/gu, "");
    const code = [...typed].map((one) => MISREAD[one] || one);
    const unknown = code.filter((one) => !CODE_LETTERS.includes(one)).length;
    return /^[0-9A-Z]{6}$/.test(typed) && unknown <= 2 ? code.join("") : null;
  };
  const readTicket = (text) => (/^(?:.*\/t\/)?([A-Za-z0-9_-]{20,43})(?:[/?#].*)?$/.exec(text.trim()) || [])[1];
  const plain = (name) => name.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
  const byName = (text) => {
    const wanted = [plain(text), plain(text).replace(/^(นางสาว|นาง|นาย|น\.ส\.|คุณ|ครู|อาจารย์|พี่|น้อง|ลุง|ป้า|mrs?\.?|ms\.?)/, "")].filter((one) => one.length > 1);
    return roster ? roster.rows.filter((one) => wanted.some((name) => plain(one.name).includes(name))).slice(0, 20) : [];
  };
  const known = async (text) => {
    if (!roster) { return null; }
    const ticket = readTicket(text);
    return (ticket && roster.hashes.get(await digest(ticket))) || roster.codes.get(readCode(text)) || null;
  };

  // What is shown.
  const show = (tone, sign, title, words, below = []) => {
    const whole = element("div", "", `ci-answer ci-${tone}`);
    const head = element("p", "", "ci-title");
    const mark = element("span", sign, "ci-sign");
    mark.setAttribute("aria-hidden", "true");
    head.append(mark, ` ${title}`);
    whole.append(head, element("p", words, "ci-words"), ...below);
    answer.replaceChildren(whole);
  };
  const told = (item) => [item.label, item.fields.people && item.fields.do !== "undo" ? `${item.fields.people} คน` : ""].filter(Boolean).join(" · ");
  const showWaiting = (item) => {
    const later = state === "online" ? "กำลังส่ง" : "จะส่งเมื่อมีสัญญาณ";
    if (item.unknown) {
      show("notice", "!", "ไม่อยู่ในรายชื่อที่โหลดไว้ค่ะ", `${told(item)} · จดไว้แล้ว ${later} ระหว่างนี้ถามชื่อแล้วค้นดูได้`);
      return;
    }
    show("queued", "✓", item.fields.do === "undo" ? "จดไว้แล้วว่าให้เลิกทำ" : "จดไว้แล้วค่ะ", `${told(item)} · ${later}`);
  };
  const showSignal = () => {
    const waiting = box.list(mine).filter(({ item }) => !item.failed).length;
    const place = door.querySelector("[data-signal]");
    place.className = `ci-signal ci-signal-${state === "online" && !waiting ? "fine" : "waiting"}`;
    if (state === "signed out") {
      const link = element("a", "เข้าสู่ระบบใหม่", "btn btn-outline-primary");
      link.href = door.dataset.signIn;
      place.replaceChildren(`หมดเวลาเข้าสู่ระบบแล้วค่ะ ${waiting ? `รอส่ง ${waiting} รายการ ยังอยู่ในเครื่องนี้ครบ ` : ""}`, link);
    } else if (state === "offline") {
      place.textContent = waiting ? `ไม่มีสัญญาณ รอส่ง ${waiting} รายการ` : "ไม่มีสัญญาณ เช็กอินต่อได้เลย";
    } else {
      place.textContent = waiting ? `กำลังส่ง ${waiting} รายการ` : "ส่งครบแล้ว";
    }
    for (const line of last.querySelectorAll("[data-waiting]")) {
      line.querySelector(".ci-later").textContent = state === "online" ? "กำลังส่ง" : "จะส่งเมื่อมีสัญญาณ";
    }
  };
  const showCount = (found) => {
    door.querySelector("[data-came]").textContent = found.came[part] || 0;
    door.querySelector("[data-expected]").textContent = found.expected;
  };
  const html = (text) => {
    const holder = document.createElement("template");
    holder.innerHTML = text; // drawn by our own server, from our own templates
    return holder.content;
  };
  const lineOf = (name) => [...last.children].find((one) => one.dataset.waiting === name);
  const addWaiting = (name, item) => {
    if (lineOf(name)) { return; }
    const line = element("li");
    line.dataset.waiting = name;
    const at = new Date(item.at).toLocaleTimeString("th-TH", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Bangkok" });
    const who = element("span", "", "ci-who");
    who.append(`${item.fields.do === "undo" ? "เลิกทำ: " : ""}${told(item)} `, element("span", "จะส่งเมื่อมีสัญญาณ", "ci-later"));
    line.append(element("span", at, "ci-hour"), who);
    if (item.fields.do === "in" || item.fields.do === "walk_in") {
      const button = element("button", "เลิกทำ", "btn btn-outline-secondary");
      button.type = "button";
      button.setAttribute("aria-label", `เลิกทำ ${item.label}`);
      button.addEventListener("click", () => takeBack(name));
      line.append(button);
    }
    last.prepend(line);
  };
  const takeBack = (name) => {
    const found = box.list(mine).find((one) => one.name === name);
    if (!found) { return; }
    const { item } = found;
    if (!item.tried && !sending) {
      box.drop(name);
      lineOf(name).remove();
      show("notice", "!", "เลิกทำแล้วค่ะ", told(item));
      showSignal();
    } else if (item.fields.text || item.fields.registration) {
      const { text, registration, way } = item.fields;
      act({ do: "undo", way, ...(registration ? { registration } : { text }) }, item.label);
    } else {
      show("notice", "!", "รอส่งให้เสร็จก่อนนะคะ", "รายการนี้อาจส่งไปแล้ว พอมีสัญญาณจะเลิกทำได้ค่ะ");
    }
  };
  const settle = (name, item, result) => {
    const waiting = lineOf(name);
    if (waiting) { waiting.remove(); }
    if (result.line) {
      const line = html(result.line).firstElementChild;
      for (const one of [...last.querySelectorAll(`[data-registration="${result.registration}"]`)]) { one.remove(); }
      last.prepend(line);
      while (last.children.length > 20) { last.lastElementChild.remove(); }
    }
    showCount(result.count);
    if (name === current) {
      answer.replaceChildren(html(result.html));
      if (result.kind !== "choose") { feel(result.tone); }
    } else if (!["new", "already", "undone", "corrected", "nothing"].includes(result.kind)) {
      const whole = element("div");
      whole.append(element("p", told(item), "ci-facts"), html(result.html));
      unsolved.append(whole);
      unsolved.hidden = false;
      feel("bad");
    }
  };
  const failed = (name, item, words) => {
    const whole = element("div", "", "ci-answer ci-bad");
    const drop = element("button", "ทิ้งรายการนี้", "btn btn-outline-secondary");
    drop.type = "button";
    drop.addEventListener("click", () => { box.drop(name); whole.remove(); unsolved.hidden = unsolved.children.length < 2; });
    whole.append(element("p", "ส่งไม่ผ่านค่ะ", "ci-title"), element("p", `${told(item)} · ${words}`, "ci-words"), drop);
    if (lineOf(name)) { lineOf(name).remove(); }
    unsolved.append(whole);
    unsolved.hidden = false;
  };

  // Sending: one after another, in the order in which it happened.
  let sending = false;
  let pause = 0;
  let timer = 0;
  const post = async (item) => {
    const body = new URLSearchParams({ ...item.fields, ago: String(Math.max(0, Date.now() - item.at)) });
    const response = await fetch(door.dataset.sendTo, {
      method: "POST", body, redirect: "manual", cache: "no-store", signal: within(SEND_SECONDS),
      headers: { Accept: "application/json", "X-CSRFToken": token },
    });
    if (response.type === "opaqueredirect") { return { outcome: "signed out" }; }
    if (response.ok) { return { outcome: "done", result: await response.json() }; }
    return { outcome: [400, 403, 404].includes(response.status) ? "refused" : "later", status: response.status };
  };
  const sendOne = async (name, item) => {
    item.tried = (item.tried || 0) + 1;
    box.put(name, item);
    let done = await post(item);
    if (done.outcome === "refused" && done.status === 400 && await count()) { done = await post(item); } // with a fresh token
    if (done.outcome === "done") {
      box.drop(name);
      settle(name, item, done.result);
    } else if (done.outcome === "refused") {
      item.failed = done.status;
      box.put(name, item);
      failed(name, item, done.status === 403 ? "คุณไม่มีสิทธิ์ทำรายการนี้" : "อาจมีการแก้งานนี้ไปแล้ว ลองโหลดหน้าใหม่");
    }
    return done.outcome;
  };
  const flush = async () => {
    if (sending) { return; }
    sending = true;
    window.clearTimeout(timer);
    try {
      for (let next; (next = box.list(mine).find(({ item }) => !item.failed));) {
        let outcome = "later";
        try { outcome = await sendOne(next.name, next.item); } catch { /* no signal */ }
        if (outcome === "signed out") { state = outcome; forget(); }
        if (outcome === "later") { state = "offline"; }
        if (outcome === "later" || outcome === "signed out") {
          if (next.name === current) { showWaiting(next.item); }
          pause = Math.min(30000, (pause || 2500) * 2);
          timer = window.setTimeout(flush, pause);
          break;
        }
        state = "online";
        pause = 0;
      }
    } finally {
      sending = false;
      showSignal();
    }
  };
  const act = (fields, label, { unknown = false } = {}) => {
    const key = fields.key || letters(12);
    const before = box.list(mine).map(({ item }) => item);
    if (before.some((one) => one.fields.key === key)) { return; }
    const same = fields.text ? before.filter((one) => one.fields.text === fields.text).pop() : undefined;
    if (same && fields.do === "in" && same.fields.do === "in") {
      show("notice", "!", "จดไว้แล้วเมื่อครู่ค่ะ", `${told(same)} · รอส่งอยู่ ไม่ได้นับซ้ำ`);
      feel("notice");
      return;
    }
    const at = Date.now();
    counter += 1;
    const name = `${mine}${String(at).padStart(15, "0")}-${String(counter).padStart(5, "0")}-${key}`;
    const item = { at, label, unknown, fields: { part, ...fields, key } };
    box.put(name, item);
    current = name;
    showWaiting(item);
    addWaiting(name, item);
    if (state !== "online") { feel(unknown ? "notice" : "queued"); }
    showSignal();
    pause = 0;
    flush();
  };

  async function count() {
    try {
      const response = await fetch(door.dataset.count, { redirect: "manual", cache: "no-store", signal: within(SEND_SECONDS) });
      if (response.type === "opaqueredirect") {
        state = "signed out";
        forget();
      } else if (response.ok) {
        const found = await response.json();
        token = found.token;
        const back = state !== "online";
        state = "online";
        if (!box.list(mine).length) { showCount(found); }
        if (back) { flush(); if (!roster) { loadRoster(); } }
        showSignal();
        return true;
      }
    } catch { state = "offline"; }
    showSignal();
    return false;
  }

  // Typing and scanning.
  const came = async (text, way) => {
    const found = await known(text);
    if (found) {
      act({ do: "in", way, text: found.code, people: found.party }, found.name);
    } else {
      act({ do: "in", way, text }, readTicket(text) ? "บัตรที่สแกน" : text, { unknown: Boolean(roster) });
    }
  };
  const choose = (text) => {
    const buttons = byName(text).map((one) => {
      const button = element("button", `${one.name} · ${one.party} คน`, "btn btn-outline-primary ci-pick");
      button.type = "button";
      button.addEventListener("click", () => act({ do: "in", way: "name", text: one.code, people: one.party }, one.name));
      return button;
    });
    if (buttons.length) {
      show("notice", "!", "คนไหนคะ", "แตะคนที่มาถึง", buttons);
    } else {
      show("bad", "✕", "ไม่พบในรายชื่อที่โหลดไว้ค่ะ", "พิมพ์รหัสบนบัตรแทนได้ รายการจะส่งเมื่อมีสัญญาณ");
    }
  };
  const typed = async (form, text) => {
    if (readTicket(text) || readCode(text)) {
      form.elements.text.value = "";
      await came(text, "code");
      return;
    }
    current = "";
    if (state === "online") {
      try {
        const { outcome, result } = await post({ at: Date.now(), fields: { do: "in", key: letters(12), part, way: "name", text } });
        if (outcome === "done") {
          settle(current, { fields: {}, label: text }, result);
          return;
        }
        if (outcome === "signed out") { state = outcome; }
      } catch { state = "offline"; }
      showSignal();
    }
    choose(text);
  };
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-send]");
    if (!form) { return; }
    event.preventDefault();
    delete form.dataset.sent; // the next one may come within the second
    const fields = Object.fromEntries(new FormData(form));
    delete fields.csrf_token;
    if ("fresh" in form.dataset) { delete fields.key; }
    if ("typed" in form.dataset) {
      if (fields.text.trim()) { typed(form, fields.text.trim()); }
      form.elements.text.focus();
      return;
    }
    act(fields, form.dataset.label || fields.name || "");
    if ("walkIn" in form.dataset) {
      form.reset();
      form.closest("details").open = false;
    }
    answer.scrollIntoView({ block: "nearest" });
  });
  const parts = door.querySelector("[data-part-go]");
  if (parts) {
    parts.hidden = true;
    parts.form.elements.part.addEventListener("change", () => parts.form.submit());
  }

  // The camera.
  const scan = door.querySelector("[data-scan]");
  const camera = door.querySelector("[data-camera]");
  const video = camera.querySelector("video");
  const whyNot = door.querySelector("[data-why-no-camera]");
  let stream = null;
  let seen = { text: "", at: 0 };
  const withDetector = async () => {
    if ("BarcodeDetector" in window && (await window.BarcodeDetector.getSupportedFormats().catch(() => [])).includes("qr_code")) {
      const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
      return async () => ((await detector.detect(video))[0] || {}).rawValue;
    }
    const { decodeQR } = await import(door.dataset.decoder);
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    return async () => {
      const shrink = Math.min(1, 640 / Math.max(video.videoWidth, video.videoHeight));
      canvas.width = Math.round(video.videoWidth * shrink);
      canvas.height = Math.round(video.videoHeight * shrink);
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      try { return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height)); } catch { return undefined; } // none in this picture
    };
  };
  let detector = null;
  const ready = () => { detector = detector || withDetector().catch((error) => { detector = null; throw error; }); return detector; };
  const look = async (detect) => {
    if (!stream) { return; }
    try {
      const text = video.readyState >= 2 ? await detect() : undefined;
      if (text) {
        const again = text === seen.text && Date.now() - seen.at < SAME_AGAIN;
        seen = { text, at: Date.now() };
        if (!again) { await came(text, "scan"); }
      }
    } catch { /* the next picture */ }
    window.setTimeout(() => look(detect), 150);
  };
  const close = () => {
    if (stream) { for (const track of stream.getTracks()) { track.stop(); } }
    stream = null;
    camera.hidden = true;
    scan.textContent = "เปิดกล้องสแกนบัตร";
  };
  const noCamera = (words) => {
    close();
    whyNot.hidden = false;
    whyNot.textContent = words;
  };
  if (!window.isSecureContext || !navigator.mediaDevices) {
    noCamera("กล้องใช้ได้เมื่อเปิดหน้านี้ด้วยที่อยู่ที่ขึ้นต้นด้วย https เท่านั้นค่ะ พิมพ์รหัสหรือชื่อแทนได้เลย");
  } else {
    scan.hidden = false;
    ready().catch(() => { /* tried again when the camera is opened */ });
    scan.addEventListener("click", async () => {
      if (stream) { close(); return; }
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      } catch (error) {
        noCamera(error.name === "NotAllowedError"
          ? "เบราว์เซอร์ยังไม่ให้ใช้กล้องค่ะ อนุญาตกล้องให้หน้านี้ก่อน หรือพิมพ์รหัสแทน" : "เปิดกล้องไม่ได้ค่ะ พิมพ์รหัสหรือชื่อแทนได้เลย");
        return;
      }
      try {
        const detect = await ready();
        whyNot.hidden = true;
        camera.hidden = false;
        scan.textContent = "ปิดกล้อง";
        video.srcObject = stream;
        await video.play();
        look(detect);
      } catch {
        noCamera("อ่าน QR ในเบราว์เซอร์นี้ไม่ได้ค่ะ พิมพ์รหัสหรือชื่อแทนได้เลย");
      }
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden) { close(); } });
  }

  // From here on.
  for (const { name, item } of box.list(mine)) {
    if (item.failed) { failed(name, item, "ลองโหลดหน้าใหม่แล้วยังส่งไม่ได้"); } else { addWaiting(name, item); }
  }
  window.addEventListener("online", () => { count(); });
  window.addEventListener("offline", () => { state = "offline"; showSignal(); });
  const reloads = () => {
    if (!navigator.serviceWorker || !navigator.serviceWorker.controller) { return; }
    door.querySelector("[data-reload-told]").textContent = "ถ้าหน้านี้ถูกโหลดใหม่ตอนไม่มีสัญญาณ ยังสแกนและพิมพ์รหัสต่อได้ แต่จะบอกชื่อไม่ได้จนกว่าสัญญาณกลับมา";
  };
  if (navigator.serviceWorker && whole) {
    navigator.serviceWorker.addEventListener("controllerchange", reloads);
    navigator.serviceWorker.register(door.dataset.worker).catch(() => { /* without it a reload needs a signal */ });
  }
  reloads();
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { count(); } });
  window.setInterval(() => { if (!document.hidden) { count(); } }, COUNT_EVERY);
  window.setInterval(() => { if (!document.hidden && state === "online") { loadRoster(); } }, ROSTER_EVERY);
  showSignal();
  loadRoster();
  flush();
})();

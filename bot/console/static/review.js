"use strict";
// Reviewing by keyboard and thumb. Every page works without this file.
(() => {
  const SETTLE = 200; // milliseconds in which a key still belongs to the page before
  const letters = { Slash: "/" };
  const typing = (event) => event.target.closest("input, textarea, select");

  if (document.querySelector("[data-decide]")) {
    let ready = false;
    window.setTimeout(() => { ready = true; document.documentElement.dataset.ready = "true"; }, SETTLE);
    document.addEventListener("keydown", (event) => {
      if (typing(event) || event.ctrlKey || event.altKey || event.metaKey) { return; }
      if (event.repeat || !ready) {
        if (/^(Digit|Numpad|Key)/.test(event.code)) { event.stopImmediatePropagation(); }
        return;
      }
      // A Thai keyboard gives other letters for the same keys.
      const key = letters[event.code] || event.code.replace(/^(Digit|Numpad|Key)/, "").toLowerCase();
      const find = document.getElementById("find");
      if (key === "/" && find) {
        event.preventDefault();
        find.focus();
      } else if (event.key.length === 1 && event.key > "~") {
        const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
        if (target) {
          event.preventDefault();
          event.stopImmediatePropagation();
          target.click();
        }
      }
    }, true);
  }

  for (const finder of document.querySelectorAll("[data-finder]")) {
    const select = finder.querySelector("select");
    const input = finder.querySelector("input[type=search]");
    const matches = finder.querySelector("[aria-live]");
    const options = [...select.querySelectorAll("option")].filter((one) => one.value);
    finder.querySelector(".review-select").hidden = true;
    finder.querySelector(".review-find").hidden = false;
    finder.querySelector("label").htmlFor = input.id;
    const show = () => {
      const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      const found = words.length
        ? options.filter((one) => words.every((word) => `${one.textContent} ${one.value} ${one.parentElement.label}`.toLowerCase().includes(word)))
        : [];
      matches.replaceChildren(...found.slice(0, 6).map((one) => {
        const button = document.createElement("button");
        button.className = "btn btn-outline-primary";
        button.name = "do";
        button.value = `add:${one.value}`;
        button.setAttribute("form", "decide");
        const title = document.createElement("span");
        title.textContent = one.textContent;
        const family = document.createElement("span");
        family.className = "small";
        family.textContent = one.parentElement.label;
        button.append(title, family);
        return button;
      }));
      if (words.length && !found.length) { matches.textContent = "ไม่พบเรื่องที่ชื่อมีคำนี้ค่ะ"; }
    };
    input.addEventListener("input", show);
    input.addEventListener("keydown", (event) => {
      const first = matches.querySelector("button");
      if (event.key === "Enter") {
        event.preventDefault();
        if (first) { first.click(); }
      }
    });
  }

  for (const details of document.querySelectorAll("[data-load]")) {
    details.addEventListener("toggle", async () => {
      const place = details.querySelector("div");
      if (!details.open || details.dataset.loaded) { return; }
      details.dataset.loaded = "true";
      try {
        const response = await fetch(details.dataset.load, { credentials: "same-origin" });
        if (response.ok && !response.redirected) { place.innerHTML = await response.text(); }
      } catch {
        delete details.dataset.loaded; // the link is still there
      }
    });
  }

  for (const area of document.querySelectorAll("[data-lines]")) {
    const told = document.getElementById(area.dataset.lines);
    const count = () => {
      if (told) { told.textContent = `ตอนนี้มี ${area.value.split("\n").filter((line) => line.trim()).length} แบบค่ะ`; }
    };
    area.addEventListener("input", count);
    count();
  }
})();

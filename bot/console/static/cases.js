"use strict";
// Shows what is new every five seconds, fills in canned answers, counts the free seconds. The pages work without it.
(() => {
  const box = document.querySelector("[data-live]");
  const EVERY = 5000;
  const MOST_IDLE = 60 * 60 * 1000; // a page that was left open must not keep its session alive for days
  const MOST_FAILURES = 20;
  let touched = Date.now();
  let failures = 0;

  const part = (name) => box.querySelector(`[data-part="${name}"]`);
  const put = (name, drawn) => {
    const place = part(name);
    if (!place || drawn === undefined) { return; }
    const focused = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const page = new DOMParser().parseFromString(drawn, "text/html");
    place.replaceChildren(...page.body.childNodes);
    if (focused) {
      const again = [...place.querySelectorAll("a")].find((one) => one.getAttribute("href") === focused);
      if (again) { again.focus({ preventScroll: true }); }
    }
  };

  // What stands in the forms is what was seen: another person's step is shown first, a new message is seen at once.
  const show = (told) => {
    const moved = box.querySelector("[data-moved]");
    if (told.standing_of !== undefined && told.standing_of !== box.dataset.standing) {
      if (moved) { moved.hidden = false; }
    } else if (told.version !== undefined) {
      box.querySelectorAll("input[data-version]").forEach((one) => { one.value = told.version; });
    }
    for (const name of ["standing", "thread", "cost", "lines"]) { put(name, told[name]); }
    for (const [name, count] of Object.entries(told.counts ?? {})) {
      const place = document.querySelector(`[data-count="${name}"]`);
      if (place) { place.textContent = count; }
    }
    count();
  };

  const later = () => { window.setTimeout(look, EVERY); };
  const stop = () => {
    const said = document.querySelector("[data-stopped]");
    if (said) { said.hidden = false; }
  };

  async function look() {
    if (document.hidden) { later(); return; }
    if (Date.now() - touched > MOST_IDLE) { stop(); return; }
    try {
      const address = new URL(box.dataset.live, window.location.href);
      address.searchParams.set("mark", box.dataset.mark);
      const answer = await fetch(address, { credentials: "same-origin", redirect: "error", cache: "no-store" });
      if (answer.status === 200) {
        const told = await answer.json();
        box.dataset.mark = told.mark;
        show(told);
      } else if (answer.status !== 204) { throw new Error(String(answer.status)); }
      failures = 0;
    } catch {
      failures += 1;
      if (failures >= MOST_FAILURES) { stop(); return; }
    }
    later();
  }

  let ticking = 0;
  const count = () => {
    window.clearInterval(ticking);
    const place = document.querySelector("[data-free-for]");
    if (!place) { return; }
    const until = Date.now() + Number(place.dataset.freeFor) * 1000;
    ticking = window.setInterval(() => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left <= 0) {
        window.clearInterval(ticking);
        place.textContent = place.dataset.then;
        delete place.dataset.freeFor;
      } else { place.querySelector("[data-seconds]").textContent = left; }
    }, 250);
  };

  if (box) {
    for (const kind of ["keydown", "pointerdown", "focus"]) {
      window.addEventListener(kind, () => { touched = Date.now(); });
    }
    later();
  }
  count();

  const fill = document.querySelector("[data-fill]");
  const canned = document.getElementById("canned");
  const text = document.getElementById("text");
  if (fill && canned && text) {
    fill.addEventListener("click", (event) => {
      event.preventDefault();
      const chosen = canned.selectedOptions[0];
      if (!chosen || !chosen.dataset.text) { return; }
      const before = text.value.trimEnd();
      text.value = before ? `${before}\n${chosen.dataset.text}` : chosen.dataset.text;
      text.focus();
    });
  }
})();

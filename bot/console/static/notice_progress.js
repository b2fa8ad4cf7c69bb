"use strict";
// Shows how a notice gets on, every two seconds. The page works without this file, by its link "ดูใหม่".
(() => {
  const box = document.querySelector("[data-progress][data-moving]");
  if (!box) { return; }
  const EVERY = 2000;
  const MOST_FAILURES = 5;
  const MOST_LOOKS = 600; // twenty minutes: a page that was left open must not keep its session alive for days
  const link = document.querySelector("[data-again]");
  const show = (on) => { if (link) { link.hidden = !on; } };
  let failures = 0;
  let looks = 0;

  const later = () => {
    looks += 1;
    if (looks > MOST_LOOKS) { show(true); } else { window.setTimeout(look, EVERY); }
  };

  async function look() {
    if (document.hidden) { later(); return; }
    try {
      const answer = await fetch(box.dataset.progress, { credentials: "same-origin", redirect: "error", cache: "no-store" });
      if (!answer.ok) { throw new Error(String(answer.status)); }
      const told = await answer.json();
      failures = 0;
      show(false);
      if (told.state !== box.dataset.state) { window.location.reload(); return; }
      if (!box.hidden) { box.innerHTML = told.drawn; }
    } catch {
      failures += 1;
      show(true);
      if (failures >= MOST_FAILURES) { return; }
    }
    later();
  }

  show(false);
  later();
})();

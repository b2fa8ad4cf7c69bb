"use strict";
// Draws the preview while somebody types, and counts while they choose. Both have a button that works without this file.
(() => {
  const follow = (form, place, address, wait, drawn = () => {}) => {
    let waiting = 0;
    let latest = 0;
    const draw = async () => {
      window.clearTimeout(waiting);
      latest += 1;
      const mine = latest;
      place.setAttribute("aria-busy", "true");
      try {
        const typed = new FormData(form);
        form.querySelectorAll("input[type=file]").forEach((file) => typed.delete(file.name));
        const answer = await fetch(address, { method: "POST", body: typed, redirect: "error" });
        if (answer.ok && mine === latest) {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          place.replaceChildren(...page.body.childNodes);
          drawn();
        }
      } catch {
        // Without a connection the last one stays; the button still works.
      }
      if (mine === latest) {
        place.removeAttribute("aria-busy");
      }
    };
    form.addEventListener("input", () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(draw, wait);
    });
    return draw;
  };

  const written = document.querySelector("form[data-preview]");
  const preview = document.querySelector("[data-preview-here]");
  if (written && preview) {
    const draw = follow(written, preview, written.dataset.preview, 400);
    written.querySelector("[data-look]").addEventListener("click", (event) => {
      event.preventDefault();
      const sheet = document.getElementById("preview");
      sheet.scrollIntoView({ block: "start" });
      sheet.focus({ preventScroll: true });
      draw();
    });
  }

  // A photograph is made small before it travels, and shown at once. Where that fails, it goes as it is.
  const small = async (file) => {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, 2048 / Math.max(picture.width, picture.height));
    const paper = document.createElement("canvas");
    [paper.width, paper.height] = [picture.width * scale, picture.height * scale].map(Math.round);
    const pen = paper.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, paper.width, paper.height);
    pen.drawImage(picture, 0, 0, paper.width, paper.height);
    const body = await new Promise((done) => { paper.toBlob(done, "image/jpeg", 0.9); });
    const files = new DataTransfer();
    files.items.add(new File([body], "picture.jpg", { type: "image/jpeg" }));
    return files.files;
  };
  for (const field of document.querySelectorAll("[data-picture]")) {
    field.addEventListener("change", async () => {
      if (!field.files.length) { return; }
      try {
        field.files = await small(field.files[0]);
      } catch {
        // The server says what it thinks of it.
      }
      written.requestSubmit(written.querySelector("[data-look]"));
    });
  }

  const chosen = document.querySelector("form[data-count]");
  const counted = document.querySelector("[data-counted-here]");
  if (chosen && counted) {
    const total = document.querySelector("[data-total-here]");
    follow(chosen, counted, chosen.dataset.count, 250, () => {
      total.textContent = counted.querySelector(".notice-total").textContent;
    });
  }

  // What has to be mended is led to, also where it is folded away.
  const first = document.querySelector("[data-first]");
  if (first) { first.focus(); }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-first] a, .alert a[href^='#'], .notice-mend a");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) { return; }
    const fold = target.closest("details");
    if (fold) { fold.open = true; }
    const field = target.matches("input, select, textarea") ? target : target.querySelector("input:not([type=hidden]), select, textarea");
    if (field) { window.setTimeout(() => field.focus()); }
  });
})();

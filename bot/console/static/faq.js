"use strict";
// Small helps only: every page works without this file.
(() => {
  document.querySelector(".faq-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  const form = document.querySelector("form[data-preview]");
  const place = document.querySelector("[data-preview-here]");
  if (form && place) {
    let waiting = 0;
    let latest = 0;
    const draw = async () => {
      latest += 1;
      const mine = latest;
      const filled = new FormData(form);
      const name = form.querySelector("[name=name]");
      if (name) {
        const family = form.querySelector("[name=family]").value || form.querySelector("[name=new_family]").value;
        filled.set("id", `${family}.${name.value}`);
      }
      try {
        const answer = await fetch(form.dataset.preview, { method: "POST", body: filled, redirect: "error" });
        if (answer.ok && mine === latest) {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          place.replaceChildren(...page.body.childNodes);
        }
      } catch {
        // Without a connection the last preview stays; the button still works.
      }
    };
    form.addEventListener("input", (event) => {
      if (event.target.name === "variants") {
        return;
      }
      window.clearTimeout(waiting);
      waiting = window.setTimeout(draw, 400);
    });
  }

  const running = document.querySelector("[data-refresh]");
  if (running) {
    window.setTimeout(() => window.location.reload(), 1000 * Number(running.dataset.refresh));
  }
})();

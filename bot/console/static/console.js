"use strict";
// Small helps only: every page works without this file.
(() => {
  const wide = window.matchMedia("(min-width: 992px)");
  const menu = document.querySelector(".bar-menu");
  const fit = () => { if (menu) { menu.open = wide.matches; } };
  wide.addEventListener("change", fit);
  fit();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = form.dataset.sure;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
    window.setTimeout(() => { delete form.dataset.sent; }, 4000);
  });

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = button.dataset.copied;
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select")) {
      return;
    }
    const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (target) {
      event.preventDefault();
      target.click();
    }
  });
})();

"use strict";
// Leads the eye to what has to be mended. The page works without this file.
(() => {
  const faults = document.querySelector("[data-first]");
  if (faults) { faults.focus(); }
  for (const link of document.querySelectorAll("[data-first] a, .alert a[href^='#']")) {
    link.addEventListener("click", () => {
      const target = document.querySelector(link.hash);
      const fold = target && target.closest("details");
      if (fold) { fold.open = true; }
      const field = target && (target.matches("input, select, textarea") ? target : target.querySelector("input:not([type=hidden]), select, textarea"));
      if (field) { window.setTimeout(() => field.focus()); }
    });
  }
})();

"use strict";
// So that the door opens again when its page is loaded anew without a signal: an empty one, with nobody's name in it.
const CACHE = "civicbot-door";
const SHELL = "/console/check-in/shell";
const FILES = [
  SHELL,
  ...["bootstrap.min.css", "console.css", "check_in.css", "check_in.js", "qr_decoder.js", "qr_decoder_tables.js"].map((name) => `/console/static/${name}`),
];
const DOOR = /^\/console\/check-in\/\d+$/;

const keep = async () => {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map((one) => new Request(one, { redirect: "error" })));
};

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) { return; }
  if (event.request.mode === "navigate" && DOOR.test(pathname)) {
    const page = fetch(event.request);
    event.respondWith(page.catch(() => caches.match(SHELL)));
    event.waitUntil(page.then(keep).catch(() => { /* what was kept before will do */ }));
  } else if (FILES.includes(pathname) && pathname !== SHELL) {
    event.respondWith(fetch(event.request).catch(() => caches.match(pathname)));
  }
});

// Keeps static files with a hash in their name, and one page for when the line is down. Never a page of the books.
const VERSION = "khlang-{{ version }}";
const KEPT = {{ kept }};
const OFFLINE = KEPT[0];
const HASHED = /\.[0-9a-f]{8,}\.(css|js|svg|woff2)$/;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(KEPT)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name)));
  })());
});

// A new worker takes over only when the reader says so and no form has unsent work: old pages keep their old scripts.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (HASHED.test(address.pathname)) {
    event.respondWith((async () => {
      const cache = await caches.open(VERSION);
      const kept = await cache.match(request);
      if (kept) return kept;
      const fresh = await fetch(request);
      if (fresh.ok) cache.put(request, fresh.clone());
      return fresh;
    })());
  } else if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await caches.match(OFFLINE)) || Response.error()));
  } else if (KEPT.includes(address.pathname)) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) || Response.error()));
  }
});

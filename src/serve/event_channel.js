// Listens for new revisions of the site. It has `patch.js` bring the page up to
// date and `overlay.js` show what is wrong. After a patch it dispatches
// `srm-site:updated` on the document; its `detail.files` names the files that are
// new.

const script = document.currentScript;
const own = new URL("./", script.src);
const top = new URL("../", own);
const name = `srm-site ${top.pathname}`;
// The page's path in the site. A page that is shown for a path where nothing
// is knows that path as well; the page before the first site has neither.
const { page, wanted } = script.dataset;
const { show, banner } = makeOverlay(own);
const { addresses, pathOf, parts, swap, patch } = makePatcher(top, page, wanted);

// What the document is made from: a revision, and the hashes of its files.
let made = script.dataset.revision;
let known = null;
// The newest state heard of.
let last = { session: "", number: -1 };

// ------------------------------------------------------------- hearing news

const FIRST_DELAY = 250;
const LAST_DELAY = 5000;
let delay = FIRST_DELAY;
let leave = () => {};

// Browsers keep few connections to a host, so one tab listens for all. Where
// tabs cannot agree on one (no secure context), each asks now and then.
function follow() {
  catchUp();
  if (!navigator.locks || !window.BroadcastChannel) {
    const timer = setInterval(() => document.hidden || look(), 1000);
    leave = () => clearInterval(timer);
    return;
  }
  const channel = new BroadcastChannel(name);
  channel.onmessage = (event) => take(event.data);
  const gone = new AbortController();
  leave = () => {
    gone.abort();
    channel.close();
  };
  const { signal } = gone;
  const lead = () => new Promise((end) => listen(channel, signal, end));
  const queue = () => navigator.locks.request(name, { signal }, lead).then(queue, () => {});
  queue();
}

// Listens until the server is gone, and leaves the next try to the next tab.
function listen(channel, gone, end) {
  const source = new EventSource(new URL("events", own));
  gone.addEventListener("abort", () => {
    source.close();
    end();
  });
  source.onmessage = (event) => {
    delay = FIRST_DELAY;
    const state = JSON.parse(event.data);
    channel.postMessage(state);
    take(state);
  };
  source.onerror = () => {
    source.close();
    setTimeout(end, delay);
    delay = Math.min(delay * 2, LAST_DELAY);
  };
}

async function ask(paths) {
  const query = paths.map((path) => `path=${encodeURIComponent(path)}`).join("&");
  const response = await fetch(new URL(`state?${query}`, own), { cache: "no-store" });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

const look = () => ask([]).then(take, () => {});

function take(state) {
  // A late answer must not take the place of a newer one.
  if (state.session === last.session && state.number <= last.number) return;
  last = state;
  if (page) show(state);
  if (!page || (state.site && state.site !== made)) catchUp();
}

// -------------------------------------------------------------- catching up

let busy = false;
let again = false;

async function catchUp() {
  again = true;
  if (busy) return;
  busy = true;
  while (again) {
    again = false;
    // Without an answer the next message is the next try.
    await update().catch(() => {});
  }
  busy = false;
}

async function update() {
  const paths = parts();
  if (await follows(paths)) return;
  const state = await ask(paths);
  take(state);
  if (!page) return wait(state);
  if (!state.site) return;
  const now = new Map(paths.map((path, at) => [path, state.hashes[at]]));
  if (state.site === made) {
    known = new Map([...now, ...(known ?? [])]);
    return;
  }
  // When the site changed while this was loading, anything may be old.
  known ??= new Map();
  const gone = !wanted && now.get(page) === null;
  banner(gone ? "This page is gone from the site. What it showed last is still here." : "");
  if (gone) now.set(page, known.get(page));
  const changed = paths.filter((path) => (now.get(path) ?? null) !== (known.get(path) ?? null));
  const before = addresses();
  if (changed.includes(page) && !(await patch())) return reload();
  for (const path of changed) {
    if (path !== page && now.get(path) && !(await swap(path, now.get(path), before))) return reload();
  }
  made = state.site;
  known = now;
  if (changed.length === 0) return;
  // The patch may have brought new files along.
  again = true;
  tell(changed);
}

// An event that follows on what is shown says which files are new, so that
// nothing has to be asked where that is the page alone, or nothing of it.
async function follows(paths) {
  const { site, since, changed } = last;
  if (!changed || since !== made || site === made) return false;
  if (!known || !paths.every((path) => known.has(path))) return false;
  const own = paths.filter((path) => changed.includes(path));
  if (own.some((path) => path !== page)) return false;
  if (own.length > 0) {
    const patched = await patch();
    if (!patched?.hash) return false;
    known.set(page, patched.hash);
    banner("");
  }
  made = site;
  if (own.length === 0) return true;
  again ||= parts().some((path) => !known.has(path));
  tell(own);
  return true;
}

const tell = (files) => document.dispatchEvent(new CustomEvent("srm-site:updated", { detail: { files } }));

// Before the first site: the list of problems is the page.
async function wait(state) {
  const newest = `${state.session}.${state.number}`;
  if (state.site || (newest !== made && !(await patch()))) return reload();
  made = newest;
}

// Browsers keep the scroll position over a reload.
const reload = () => location.reload();

// ------------------------------------------------------------ to and from it

// What is loaded late has to be asked about as well.
new PerformanceObserver((list) => {
  const paths = list.getEntries().map((entry) => pathOf(entry.name));
  if (paths.some((path) => path && !known?.has(path))) catchUp();
}).observe({ type: "resource", buffered: true });
addEventListener("pagehide", () => leave());
addEventListener("pageshow", (event) => event.persisted && follow());
document.addEventListener("visibilitychange", () => document.hidden || look());
follow();

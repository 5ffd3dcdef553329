// What the tests in a browser share: Chromium, a careful host for a built site,
// pages that tell all that goes wrong on them, and counting.

import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { delimiter, extname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

// What a careful host sends. Everything comes from the site itself.
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "script-src 'self'",
  "connect-src 'self'",
  "font-src 'self'",
].join("; ");

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".xml": "application/xml",
};

export const counts = { passed: 0, failed: 0 };

// A check that passes when there are no problems.
export function result(what, problems) {
  if (problems.length === 0) {
    counts.passed += 1;
    return;
  }
  counts.failed += 1;
  for (const problem of problems) console.log(`FAILED ${what}: ${problem}`);
}

// Prints the counts and ends with 1 if anything failed.
export function finish() {
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exit(counts.failed > 0 ? 1 : 0);
}

export function files(folder, ending) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => name.split(sep).join("/"))
    .sort();
}

function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const full = join(folder, name);
      if (folder && existsSync(full)) return full;
    }
  }
  return null;
}

// The environment of the browser: pages are shown in the fonts of the npm packages,
// whatever fonts the machine has.
function environment() {
  const here = (path) => fileURLToPath(new URL(path, import.meta.url));
  const packages = ["dejavu-fonts-ttf", "@expo-google-fonts/biz-udpgothic"];
  const missing = packages.filter((name) => !existsSync(here(`node_modules/${name}`)));
  if (missing.length > 0) {
    result("fonts", [`${missing.join(" and ")} not installed; run \`npm ci\` in tests/html`]);
    finish();
  }
  return { ...process.env, FONTCONFIG_FILE: here("fonts.conf"), XDG_CACHE_HOME: here("node_modules/.cache") };
}

// A browser, with more arguments for it.
export async function launch(...more) {
  const executablePath = findChromium();
  if (!executablePath || !existsSync(executablePath)) {
    result("browser", ["there is no Chromium; `apt-get install chromium`, or set CHROMIUM to its path"]);
    finish();
  }
  return chromium.launch({
    executablePath,
    headless: true,
    env: environment(),
    args: [
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // Chromium refuses its sandbox to root.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ...more,
    ],
  });
}

// A host that serves the folder below a path, and nothing else. The blank in it
// is encoded in every address. A careless one sends no policy.
export async function serve(folder, policy = POLICY) {
  const mount = "/docs/our model/";
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
    // Browsers ask every host for this, whatever the page says.
    if (path === "/favicon.ico") {
      response.writeHead(204).end();
      return;
    }
    let file = path.startsWith(mount) ? resolve(folder, path.slice(mount.length) || ".") : null;
    if (file && (file + sep).startsWith(folder + sep) && existsSync(file)) {
      if (statSync(file).isDirectory()) file = join(file, "index.html");
    } else {
      file = null;
    }
    if (!file || !existsSync(file)) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found");
      return;
    }
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      ...(policy ? { "content-security-policy": policy } : {}),
      "x-content-type-options": "nosniff",
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const host = `http://127.0.0.1:${server.address().port}`;
  return { host, base: host + encodeURI(mount), close: () => server.close() };
}

// Opens a page and hears everything that goes wrong on it. Violations of the
// policy are in `window.violations`.
export async function open(context, url, host) {
  const page = await context.newPage();
  const problems = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      problems.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
  page.on("request", (request) => {
    const to = request.url();
    if (!to.startsWith(host) && !/^(data|blob):/.test(to)) problems.push(`request to ${to}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
  });
  page.on("requestfailed", (request) => {
    const { errorText } = request.failure() ?? {};
    // Downloads and pages that are left end a request on purpose.
    if (errorText === "net::ERR_ABORTED") return;
    problems.push(`no answer: ${request.url()} ${errorText}`);
  });
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  await page.goto(url, { waitUntil: "load" });
  return { page, problems };
}

// Runs in a page: what sticks out at the sides, if it can be scrolled there.
export function sideways() {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && (box.right > root.clientWidth + 0.5 || box.left < -0.5);
  });
  const names = wide.slice(0, 3).map((e) => `<${e.localName} class="${e.getAttribute("class") ?? ""}">`);
  return [`${root.scrollWidth} pixels of contents in ${root.clientWidth}: ${names.join(", ")}`];
}

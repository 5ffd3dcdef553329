// How long a save takes to be seen: writes one task of a file again and again
// and waits for it in a page that Chromium has open. Prints milliseconds, one
// save a line.
//
// node latency.mjs URL FILE FROM TIMES

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { chromium } from "playwright-core";

const [url, file, from, times] = process.argv.slice(2);
const original = readFileSync(file, "utf8");

// The same names as in check.mjs.
function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const full = join(folder, name);
      if (folder && existsSync(full)) return full;
    }
  }
  throw new Error("there is no Chromium; `apt-get install chromium`, or set CHROMIUM to its path");
}

const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
try {
  const page = await browser.newPage();
  await page.goto(url);
  await page.waitForTimeout(1500);
  await page.evaluate(() => {
    window.loaded = true;
  });
  for (let n = 0; n < Number(times); n += 1) {
    const to = `${from} (save ${n})`;
    const seen = page.evaluate(
      (text) =>
        new Promise((resolve) => {
          const look = () => document.body.textContent.includes(text) && resolve(window.loaded === true);
          new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
          look();
        }),
      to,
    );
    await page.waitForTimeout(250);
    const start = performance.now();
    writeFileSync(file, original.replace(from, to));
    const same = await seen;
    console.log((performance.now() - start).toFixed(1));
    if (!same) throw new Error("the page was loaded again");
  }
} finally {
  writeFileSync(file, original);
  await browser.close();
}

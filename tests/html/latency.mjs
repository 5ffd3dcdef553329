// How long a save takes to be seen: writes one task of a file again and again
// and waits for it in a page that Chromium has open. Prints milliseconds, one
// save a line.
//
// node latency.mjs URL FILE FROM TIMES

import { readFileSync, writeFileSync } from "node:fs";

import { launch } from "./site.mjs";

const [url, file, from, times] = process.argv.slice(2);
const original = readFileSync(file, "utf8");

const browser = await launch();
try {
  const page = await browser.newPage();
  await page.goto(url);
  await page.waitForTimeout(1500);
  // Told by the page itself: a promise in it can be collected as garbage.
  let seen;
  await page.exposeFunction("tell", () => seen(true));
  page.on("load", () => seen(false));
  for (let n = 0; n < Number(times); n += 1) {
    const to = `${from} (save ${n})`;
    const answer = new Promise((resolve) => {
      seen = resolve;
    });
    await page.evaluate((text) => {
      const look = () => {
        if (!document.body.textContent.includes(text)) return;
        window.watching.disconnect();
        window.tell();
      };
      window.watching = new MutationObserver(look);
      window.watching.observe(document, { subtree: true, childList: true, characterData: true });
    }, to);
    await page.waitForTimeout(250);
    const start = performance.now();
    writeFileSync(file, original.replace(from, to));
    const same = await answer;
    console.log((performance.now() - start).toFixed(1));
    if (!same) throw new Error("the page was loaded again");
  }
} finally {
  writeFileSync(file, original);
  await browser.close();
}

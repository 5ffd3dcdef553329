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

/** Finds a Chromium, or installs one: Playwright's own where its download works, else the distribution's package. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { ROOT } from "./setup.mjs";

// The headless shell opens a context in half of the time: it has no window whose own pages would be loaded.
const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Path of a browser, or null. */
export function findChromium() {
  const named = process.env.TRIBUTARY_CHROMIUM;
  if (named) return existsSync(named) ? named : null;
  for (const directory of (process.env.PATH ?? "").split(path.delimiter).concat("/usr/bin"))
    for (const name of NAMES) if (existsSync(path.join(directory, name))) return path.join(directory, name);
  const own = createRequire(path.join(ROOT, "package.json"))("playwright").chromium.executablePath();
  return [own, ...PLACES].find((place) => place && existsSync(place)) ?? null;
}

/** Path of a browser, installing one where there is none; null when no way works here. */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  console.log("Installing a Chromium for the browser tests …");
  const quiet = { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"], timeout: 300_000 };
  spawnSync(process.execPath, ["node_modules/playwright/cli.js", "install", "chromium"], quiet);
  if (!findChromium() && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    spawnSync("apt-get", ["update", "-qq"], quiet);
    // Not every distribution has the first.
    for (const name of ["chromium-headless-shell", "chromium"])
      if (!findChromium())
        spawnSync("apt-get", ["install", "-y", "-qq", name], {
          ...quiet,
          env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
        });
  }
  return findChromium();
}

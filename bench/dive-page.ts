import { existsSync } from "node:fs";
import { chromium } from "playwright";
import { measureDive, type DiveFigures } from "../e2e/support/measure-dive";
import { OwnServer } from "../e2e/support/own-server";
import type { BenchRow } from "./bench-row";

const ROUNDS = 5;
const FRAMES = 50;
const POINTS = 100_000;
const PICTURES = { scatter: "position=scatter", "faceted stacks": "position=stacked&across=origin&down=date" };

/**
 * Dive with 100,000 flights in a real browser on the production build: medians of five. A frame's bar is a time: frames while panning
 * may not take longer than 1/50 s on average. Set TRIBUTARY_BENCH_URL to measure a demo portal that runs already.
 */
export async function benchDivePage(): Promise<BenchRow[]> {
  const running = process.env.TRIBUTARY_BENCH_URL;
  const server = running ? null : new OwnServer("the-dive-bench");
  const { url, stop } = server ? await server.start({ demo: true }) : { url: running as string, stop: () => null };
  const browser = await chromium.launch({
    executablePath: ["/usr/bin/chromium"].find(existsSync),
    args: ["--no-sandbox", "--disable-background-networking", "--disable-quic"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
    await page.goto(`${url}/sign-in`);
    await page.getByRole("button", { name: "Sign in as Ada Lindqvist" }).click();
    await page.waitForURL(`${url}/`);
    await untilThereAreFlights(url, (path) => page.request.get(path));
    const rows: BenchRow[] = [];
    for (const [name, picture] of Object.entries(PICTURES)) {
      const address = `${url}/datasets/flights?tab=dive&rows=${POINTS}&${picture}`;
      // The first visit of a page fetches its code; what is measured is the page.
      await measureDive(page, address);
      const figures: DiveFigures[] = [];
      for (let round = 0; round < ROUNDS; round += 1) figures.push(await measureDive(page, address));
      const [first] = figures;
      if (first?.points !== POINTS) throw new Error(`The picture has ${first?.points} points instead of ${POINTS}.`);
      rows.push(frameRow(`panning, ${name}`, figures, ({ pan }) => pan.perSecond));
      rows.push(frameRow(`zooming, ${name}`, figures, ({ zoom }) => zoom.perSecond));
    }
    return rows;
  } finally {
    await browser.close();
    await stop();
    await server?.remove();
  }
}

function frameRow(name: string, figures: DiveFigures[], of: (figure: DiveFigures) => number): BenchRow {
  const values = figures.map(of).sort((one, other) => one - other);
  const measured = 1000 / (values[values.length >> 1] ?? NaN);
  const limit = 1000 / FRAMES;
  return {
    name: `Dive: a frame of ${name}`,
    size: `${POINTS.toLocaleString("en")} points`,
    measured,
    against: `${FRAMES} frames a second`,
    limit,
    ratio: measured / limit,
    bar: "≤ 1 ×",
    ok: measured <= limit,
  };
}

/** A new demo reads its sources first; the flights are there when their rows can be sampled. */
async function untilThereAreFlights(url: string, get: (path: string) => Promise<{ ok(): boolean }>): Promise<void> {
  const until = Date.now() + 600_000;
  while (!(await get(`${url}/api/v1/datasets/flights/sample?workspace=flights&rows=1`)).ok()) {
    if (Date.now() > until) throw new Error("The demo has no flights after ten minutes.");
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

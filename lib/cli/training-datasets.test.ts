import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { main } from "./main";

const folder = mkdtempSync(path.join(tmpdir(), "tributary-training-"));
const asked: string[] = [];
const bodies: unknown[] = [];
let server: Server;
let cached = true;

const DATASET = {
  name: "late", rows: 6, spine: "rides@1", features: 1, verdict: "leak", cached: true, contentDigest: "cc", recipeDigest: "rr", parts: { train: 4, "": 2 },
  recipe: { asOf: "2024-05-01T00:00:00.000Z", features: [{ name: "rate", feature: "driver.rate", version: 2, view: "hourly" }] },
  verdicts: [{ name: "rate", verdict: "leak", reasons: ["FIT_COVERS_TEST"] }],
}; // prettier-ignore

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const url = request.url ?? "";
      if (url === "/api/health/live") return response.end("{}");
      asked.push(`${request.method} ${url}`);
      if (text !== "") bodies.push(JSON.parse(text));
      if (url.includes("/rows?")) return response.end("a,b\n1,2\n");
      const isList = url.startsWith("/api/v1/training-datasets?");
      const next = url.includes("cursor") ? null : "1000";
      return response.end(JSON.stringify(isList ? { items: [DATASET], nextCursor: next } : { ...DATASET, cached }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  asked.length = 0;
  bodies.length = 0;
  cached = true;
  vi.restoreAllMocks();
});

/** What the command printed, and its exit code. */
async function tributary(...words: string[]) {
  const printed: string[] = [];
  for (const method of ["log", "error"] as const)
    vi.spyOn(console, method).mockImplementation((text: string) => void printed.push(text));
  const { port } = server.address() as AddressInfo;
  const code = await main(["training-datasets", ...words, "--workspace", "w", "--server", `http://127.0.0.1:${port}`]);
  return { code, text: printed.join("\n") };
}

describe("tributary training-datasets", () => {
  it("lists all pages", async () => {
    const line = "late  6 rows of rides@1  1 features  leak  kept";
    expect(await tributary("list")).toEqual({ code: 0, text: `${line}\n${line}` });
    expect(asked[1]).toBe("GET /api/v1/training-datasets?workspace=w&limit=1000&cursor=1000");
  });

  it("makes one from a file, and ends with 1 when it leaks", async () => {
    const file = path.join(folder, "late.yaml");
    writeFileSync(file, "spine: { source: rides }\nfeatures: [hourly:rate]\nsplit: { policy: by_day }\n");
    const { code, text } = await tributary("create", "late", "--from", file, "--description", "First");
    expect(bodies).toEqual([
      { workspace: "w", name: "late", description: "First", spine: { source: "rides" }, features: ["hourly:rate"], split: { policy: "by_day" } },
    ]); // prettier-ignore
    expect([code, text.split("\n").slice(1)]).toEqual([
      1,
      ["content cc", "recipe  rr", "as of   2024-05-01T00:00:00.000Z", "part    train: 4 rows", "part    (none): 2 rows", "rate  driver.rate v2 of hourly  leak FIT_COVERS_TEST"],
    ]); // prettier-ignore
  });

  it("downloads the rows, and makes them again first where they are not kept", async () => {
    const out = path.join(folder, "late.csv");
    expect(await tributary("download", "late", "--format", "csv", "--out", out)).toEqual({ code: 0, text: `Wrote ${out}` }); // prettier-ignore
    expect(readFileSync(out, "utf8")).toBe("a,b\n1,2\n");
    expect(existsSync(`${out}.part`)).toBe(false);
    cached = false;
    await tributary("download", "late", "--out", out);
    expect(asked.slice(-3)).toEqual([
      "GET /api/v1/training-datasets/late?workspace=w",
      "POST /api/v1/training-datasets/late/recompute?workspace=w",
      "GET /api/v1/training-datasets/late/rows?workspace=w&format=parquet",
    ]);
  });

  it.each([
    [["download", "late", "--format", "xls"], /--format must be one of json, csv, parquet, arrow, not xls/],
    [["create", "late"], /create needs --from FILE/],
    [["crate", "late"], /no action crate.*mean create/],
    [["show"], /Expected tributary training-datasets show NAME/],
  ])("refuses %j", async (words, says) => {
    const { code, text } = await tributary(...words);
    expect([code, text]).toEqual([2, expect.stringMatching(says)]);
  });
});

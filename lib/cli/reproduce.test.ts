import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { main } from "./main";

const asked: string[] = [];
let server: Server;
let verdict = "REPRODUCIBLE";

const reportOf = () => ({
  verdict,
  summary: "people@1 is gone.",
  levels: [{ name: "available", state: "gone", findings: [{ subject: "people@1", state: "gone", text: "people@1 is gone." }, { subject: "log@1", state: "identical", text: "log@1 is there." }] }],
}); // prettier-ignore

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = request.url ?? "";
    if (url === "/api/health/live") return response.end("{}");
    asked.push(`${request.method} ${url}`);
    // The search finds what has the digits in its title, too.
    if (url.startsWith("/api/v1/runs?")) return response.end(JSON.stringify({ items: [{ id: "other", number: 142 }, { id: "wanted", number: 42 }] })); // prettier-ignore
    const isDone = url === "/api/v1/reproductions/r" && asked.filter((one) => one.endsWith("/r")).length > 1;
    return response.end(JSON.stringify({ id: "r", state: isDone ? "done" : "running", report: isDone ? reportOf() : null })); // prettier-ignore
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => server.close());
afterEach(() => {
  asked.length = 0;
  vi.restoreAllMocks();
});

async function tributary(...words: string[]) {
  const printed: string[] = [];
  for (const method of ["log", "error"] as const)
    vi.spyOn(console, method).mockImplementation((text: string) => void printed.push(text));
  const { port } = server.address() as AddressInfo;
  const code = await main(["reproduce", ...words, "--server", `http://127.0.0.1:${port}`]);
  return { code, text: printed.join("\n") };
}

it("finds the run by its number, follows the job to its end, and says what is not the same", async () => {
  verdict = "EXPIRED";
  const { code, text } = await tributary("#42", "--workspace", "w");
  expect(asked).toEqual(["GET /api/v1/runs?workspace=w&q=%2342", "POST /api/v1/runs/wanted/reproductions", "GET /api/v1/reproductions/r", "GET /api/v1/reproductions/r"]); // prettier-ignore
  expect(code).toBe(1);
  expect(text).toBe("available    gone\n  people@1 is gone.\nEXPIRED: people@1 is gone.");
});

it("does so for a training dataset, and ends with 0 for what is reproducible", async () => {
  verdict = "REPRODUCIBLE";
  const { code } = await tributary("training-dataset/late", "--workspace", "w", "--json");
  expect(asked[0]).toBe("POST /api/v1/training-datasets/late/reproductions?workspace=w");
  expect(code).toBe(0);
});

it("says which run it does not know", async () => {
  expect(await tributary("7", "--workspace", "w")).toEqual({ code: 1, text: "There is no run 7 in w." });
});

it.each([[[]], [["seven"]], [["7", "8"]], [["training-dataset/"]]])("explains itself for %j", async (words) => {
  const { code, text } = await tributary(...words, "--workspace", "w");
  expect(code).toBe(2);
  expect(text).toMatch(/^Expected tributary reproduce RUN/);
});

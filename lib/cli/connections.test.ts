import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { main } from "./main";

const folder = mkdtempSync(path.join(tmpdir(), "tributary-connections-"));
const password = path.join(folder, "password.txt");
const asked: { method: string; url: string; body: unknown }[] = [];
let server: Server;
let answer: unknown = {};

beforeAll(async () => {
  writeFileSync(password, "very secret\n");
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      if (request.url !== "/api/health/live") asked.push({ method: request.method ?? "", url: request.url ?? "", body: text === "" ? null : JSON.parse(text) }); // prettier-ignore
      response.end(JSON.stringify(request.url === "/api/health/live" ? {} : answer));
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
  vi.restoreAllMocks();
});

/** What the command printed, and its exit code. */
async function tributary(...words: string[]) {
  const printed: string[] = [];
  for (const method of ["log", "error"] as const)
    vi.spyOn(console, method).mockImplementation((text: string) => void printed.push(text));
  const { port } = server.address() as AddressInfo;
  const code = await main(["connections", ...words, "--workspace", "shop", "--server", `http://127.0.0.1:${port}`]);
  return { code, text: printed.join("\n") };
}

const CONNECTION = { name: "warehouse", kind: "postgres", host: "db", port: 5432, database: "sales", user: "reader", hasPassword: true, tls: "require", sources: ["orders"] }; // prettier-ignore

describe("tributary connections", () => {
  it("adds one with the password of a file, which it does not print", async () => {
    answer = CONNECTION;
    const added = await tributary("add", "warehouse", "--host", "db", "--port", "5432", "--database", "sales", "--user", "reader", "--tls", "require", "--password-file", password); // prettier-ignore
    expect(asked).toEqual([
      { method: "POST", url: "/api/v1/connections", body: { workspace: "shop", name: "warehouse", host: "db", port: 5432, database: "sales", user: "reader", tls: "require", password: "very secret" } },
    ]); // prettier-ignore
    expect(added).toEqual({ code: 0, text: "warehouse  reader@db:5432/sales  tls require  orders" });
    await tributary("update", "warehouse", "--host", "db2");
    expect(asked[1]).toEqual({ method: "PATCH", url: "/api/v1/connections/warehouse", body: { workspace: "shop", host: "db2" } }); // prettier-ignore
  });

  it("ends with 1 when the test of one fails", async () => {
    answer = { ok: false, message: "Connection warehouse: there is no host db.", encrypted: null, tables: [] };
    expect(await tributary("test", "warehouse")).toEqual({
      code: 1,
      text: "Connection warehouse: there is no host db.",
    });
    answer = { ok: true, message: "PostgreSQL 15 answers.", encrypted: true, tables: ["public.orders"] };
    expect(await tributary("test", "warehouse")).toEqual({ code: 0, text: "PostgreSQL 15 answers.\npublic.orders" });
  });

  it.each([
    [["ad", "x"], /no action ad of connections\. Did you mean add\?/],
    [["add"], /Expected tributary connections add NAME/],
    [["add", "x", "--tls", "maybe"], /--tls must be one of disable, require, verify-full, not maybe/],
    [["add", "x", "--port", "abc"], /--port must be a number, not abc/],
    [["add", "x", "--password-file", "/nowhere"], /--password-file \/nowhere cannot be read/],
    [["add", "x", "--password", "secret"], /--password/],
  ])("refuses %j", async (words, said) => {
    const refused = await tributary(...words);
    expect(refused.code).toBe(2);
    expect(refused.text).toMatch(said);
    expect(asked).toEqual([]);
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tributary-secret-"));
});

afterEach(() => {
  vi.doUnmock("./environment");
  rmSync(folder, { recursive: true, force: true });
});

async function secret(): Promise<string> {
  vi.resetModules();
  vi.doMock("./environment", () => ({ environment: () => ({ TRIBUTARY_DATA: folder }) }));
  return (await import("./server-secret")).serverSecret();
}

describe("the server's secret", () => {
  it("is made once and kept where only the owner reads it", async () => {
    const made = await secret();
    expect(made).toMatch(/^[0-9a-f]{64}$/);
    expect(await secret()).toBe(made);
    expect(statSync(path.join(folder, "session-secret")).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["session-secret"]);
  });

  it.each(["", "\n", "abc"])("is made anew where the file has only %j", async (content) => {
    writeFileSync(path.join(folder, "session-secret"), content);
    const made = await secret();
    expect(made).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(path.join(folder, "session-secret"), "utf8")).toBe(made);
  });
});

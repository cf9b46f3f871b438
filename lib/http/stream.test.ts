import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { streamFile } from "./stream";

const folder = mkdtempSync(path.join(tmpdir(), "tributary-stream-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROW = '{"a":1}\n';
function answer(rows: number) {
  const file = path.join(folder, "rows.json");
  writeFileSync(file, ROW.repeat(rows));
  const done = vi.fn(() => Promise.resolve());
  return { done, response: streamFile(file, { "x-a": "1" }, { before: "[", after: "]", done }) };
}

describe("a file that is sent as it is read", () => {
  it.each([0, 1, 100_000])("is whole with %i rows, between its texts, and done with", async (rows) => {
    const { done, response } = answer(rows);
    expect(await response.text()).toBe(`[${ROW.repeat(rows)}]`);
    expect(done).toHaveBeenCalledTimes(1);
    expect(response.headers.get("x-a")).toBe("1");
  });

  it("is done with when the reader goes away, and when it cannot be read", async () => {
    const { done, response } = answer(100_000);
    const reader = response.body?.getReader();
    await reader?.read();
    expect(done).not.toHaveBeenCalled();
    await reader?.cancel();
    expect(done).toHaveBeenCalledTimes(1);

    const gone = vi.fn(() => Promise.resolve());
    const broken = streamFile(path.join(folder, "gone"), {}, { before: "", after: "", done: gone });
    await expect(broken.text()).rejects.toThrow(/ENOENT/);
    expect(gone).toHaveBeenCalledTimes(1);
  });
});

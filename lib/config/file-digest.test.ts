import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { digestFile, digestingStream } from "./file-digest";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "file-digest-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// FIPS 180-2, appendix B, and the empty message.
it.each([
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3],
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0],
  ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", 1_000_000],
])("digests a file and a stream alike (%#)", async (text, sha256, bytes) => {
  const file = path.join(folder, "file");
  await writeFile(file, text);
  expect(await digestFile(file)).toEqual({ sha256, bytes });
  const stream = digestingStream();
  const passed: Buffer[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _, done) {
      passed.push(chunk);
      done();
    },
  });
  await pipeline(Readable.from([Buffer.from(text)]), stream, sink);
  expect(stream.digest()).toEqual({ sha256, bytes });
  expect(Buffer.concat(passed).toString()).toBe(text);
});

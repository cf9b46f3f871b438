import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { link, mkdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { environment } from "@/lib/config/environment";
import { digestFile, digestingStream } from "@/lib/config/file-digest";
import type { Upload } from "@/lib/contracts/inspection";
import { prisma } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { recordEvent } from "../record-event";
import { openScopeFor } from "../scope";

/** Below the folder of sources: what a source's location begins with. */
const FOLDER = "uploads";

/**
 * Keeps a file among the workspace's uploads. It is written aside and appears whole by one step, or not at all. The same file again
 * is the one that is there; throws `conflict` when another has its name, and `bad_request` when the body breaks off.
 */
export async function keepUpload(
  principal: Principal,
  { workspace, name }: { workspace: string; name: string },
  body: globalThis.ReadableStream<Uint8Array> | null,
): Promise<Upload> {
  const scope = await openScopeFor(principal, workspace, "spec:apply");
  const file = safeName(name);
  if (!body) throw new DomainError("bad_request", "The body is empty. Send the file as the body.");
  const folder = path.join(environment().TRIBUTARY_DATA, "sources", FOLDER, scope.workspace.name);
  await mkdir(folder, { recursive: true });
  const aside = path.join(folder, `.${randomUUID()}.part`);
  const target = path.join(folder, file);
  try {
    const { bytes, sha256 } = await write(body, aside);
    if (bytes === 0) throw new DomainError("bad_request", "The body is empty. Send the file as the body.");
    const location = path.posix.join(FOLDER, scope.workspace.name, file);
    const isNew = await appear(aside, target, sha256, name);
    if (isNew)
      await prisma()
        .$transaction((tx) =>
          recordEvent(tx, scope, {
            action: "upload.create",
            object: `upload/${file}`,
            after: { location, bytes, sha256 },
          }),
        )
        .catch(async (error: unknown) => {
          await rm(target, { force: true });
          throw error;
        });
    return { location, bytes, sha256 };
  } finally {
    await rm(aside, { force: true });
  }
}

async function write(body: globalThis.ReadableStream<Uint8Array>, to: string): Promise<Omit<Upload, "location">> {
  const digesting = digestingStream();
  const output = createWriteStream(to, { flags: "wx" });
  try {
    await pipeline(Readable.fromWeb(body as ReadableStream<Uint8Array>), digesting, output);
  } catch (error) {
    // A full disk is the machine's trouble, and said as such.
    if (["ENOSPC", "EDQUOT", "EROFS", "EIO"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    throw new DomainError(
      "bad_request",
      "The file broke off before it was complete, and nothing of it was kept. Send it again.",
    );
  }
  return digesting.digest();
}

/** Gives the file its name. False when the very same file is there already. */
async function appear(aside: string, target: string, sha256: string, name: string): Promise<boolean> {
  try {
    // A link never replaces a file, as a rename would.
    await link(aside, target);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") {
      if (code !== "EPERM" && code !== "ENOTSUP" && code !== "EOPNOTSUPP") throw error;
      // File systems without links: the name is checked first.
      if (!(await stat(target).catch(() => null))) {
        await rename(aside, target);
        return true;
      }
    }
    if ((await digestFile(target)).sha256 === sha256) return false;
    throw new DomainError(
      "conflict",
      `There is another file ${name} among the uploads. Give this one another name, so that sources that read the other go on doing so.`,
      { name },
    );
  }
}

/** A name that is data for `resolveFiles`: no pattern, and nothing that is left out of folders. */
function safeName(name: string): string {
  const safe = name
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}._ -]/gu, "_")
    .replace(/^[._ ]+/, "");
  if (safe === "" || safe === "." || safe.length > 200)
    throw new DomainError(
      "invalid",
      `A file cannot be called ${JSON.stringify(name)}. Give it a name of letters and digits with its ending, such as sales.csv.`,
      {
        issues: [{ path: ["query", "name"], message: "expected a file name", found: name }],
      },
    );
  return safe;
}

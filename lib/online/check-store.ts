import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { programFile } from "@/lib/config/installation";
import { damaged } from "./assert-sound";
import { STORE_FILE } from "./lmdb-store";
import { wasClosed } from "./sound-mark";

/** Where a check takes longer, the store is used as it is: it is large, and nothing was found yet. */
const WITHIN_MS = 120_000;

/**
 * Checks an online store that was not closed in order, or whose file changed since, by reading all of it in another process. Throws
 * `unavailable`, saying what to do, when it is damaged.
 */
export async function checkOnlineStore(directory: string): Promise<"sound" | "unchecked"> {
  const file = path.join(directory, STORE_FILE);
  if (!existsSync(file) || wasClosed(file)) return "sound";
  const child = spawn(process.execPath, [programFile("check-store"), directory], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill("SIGKILL");
  }, WITHIN_MS);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once("error", () => resolve([null, null]));
    child.once("close", (...end) => resolve(end));
  });
  clearTimeout(timer);
  if (code === 0) return "sound";
  if (isLate || (code === null && signal === null)) return "unchecked";
  throw damaged(file, signal ? `a process that read it ended with ${signal}` : said.trim().replace(/^The online store .* is damaged: (.*?)\. It holds.*$/s, "$1") || `exit code ${code}`); // prettier-ignore
}

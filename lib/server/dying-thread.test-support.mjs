/** A thread that dies the first time that it was started, and works the second time; the file that DIED_ONCE names says which. */
import { existsSync, writeFileSync } from "node:fs";
import process from "node:process";
import { setTimeout } from "node:timers";
import { parentPort } from "node:worker_threads";

const marker = process.env.DIED_ONCE;
parentPort.on("message", () => process.exit(0));
parentPort.postMessage("started");
if (!existsSync(marker)) {
  writeFileSync(marker, "");
  setTimeout(() => {
    throw new Error("something broke in the jobs");
  }, 100);
}

/** `npm run check`: format, lint with the layer rules, unused exports and types, side by side; each one's output when it has ended. */
import { spawn } from "node:child_process";
import { ROOT } from "./setup.mjs";

const CHECKS = ["lint", "typecheck", "format:check", "unused"];

const results = await Promise.all(CHECKS.map(check));
if (results.some((code) => code !== 0)) process.exitCode = 1;

/** Runs a script of package.json. Ends with its exit code. */
function check(name) {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", ["run", "--silent", name], { cwd: ROOT, shell: process.platform === "win32" });
    let said = "";
    child.stdout.on("data", (chunk) => (said += chunk));
    child.stderr.on("data", (chunk) => (said += chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      process.stdout.write(`${code === 0 ? "✓" : "✗"} ${name}\n${said}`);
      resolve(code ?? 1);
    });
  });
}

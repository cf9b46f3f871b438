/** For suites against peers that are written in Python: an environment of pinned packages, made once and kept. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Each written from its .in by `uv pip compile --universal --generate-hashes --python-version 3.10`. */
export const MLFLOW_REQUIREMENTS = path.join("test", "peers", "requirements.txt");
export const SPARK_REQUIREMENTS = path.join("test", "peers", "spark-requirements.txt");
const CANDIDATES = ["python3", "python3.13", "python3.12", "python3.11", "python3.10"];
const OLDEST = [3, 10] as const;

/** The command of a Python that is new enough, or null. */
function findPython(): string | null {
  const isNewEnough = `import sys, venv, ensurepip; sys.exit(sys.version_info < (${OLDEST.join(", ")}))`;
  return CANDIDATES.find((command) => spawnSync(command, ["-c", isNewEnough]).status === 0) ?? null;
}

/**
 * The interpreter of the environment, which is made on first use: below PEERS_CACHE, by the digest of what is pinned. Throws where there is
 * no Python, or none of the packages.
 */
export function ensurePython(requirements: string): string {
  const python = findPython();
  if (!python) throw new Error(`There is no Python ${OLDEST.join(".")} or newer here.`);
  const pinned = readFileSync(requirements, "utf8");
  const digest = createHash("sha256").update(pinned).digest("hex").slice(0, 16);
  const folder = path.join(process.env.PEERS_CACHE ?? path.join(tmpdir(), "tributary-peers"), digest);
  const made = path.join(folder, "complete");
  const interpreter = path.join(folder, "bin", "python");
  if (existsSync(made)) return interpreter;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  run(python, ["-m", "venv", folder]);
  run(interpreter, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", requirements]); // prettier-ignore
  writeFileSync(made, digest);
  return interpreter;
}

/** Runs a program with its input, and gives what it printed. */
export function run(command: string, args: string[], input = "", env: Record<string, string> = {}): string {
  const done = spawnSync(command, args, {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, ...env },
  });
  if (done.status !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${done.status}: ${(done.stderr || done.stdout).slice(-4000)}`); // prettier-ignore
  return done.stdout;
}

/** For suites against peers that are written in Python: an environment of pinned packages, made once and kept. */
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { lockFolder } from "@/lib/db/folder-lock";
import { DomainError } from "@/lib/domain/errors";

/** Each written from its .in by `uv pip compile --universal --generate-hashes --python-version 3.10`. */
export const MLFLOW_REQUIREMENTS = path.join("test", "peers", "requirements.txt");
const SPARK_REQUIREMENTS = path.join("test", "peers", "spark-requirements.txt");
const CANDIDATES = ["python3", "python3.13", "python3.12", "python3.11", "python3.10"];
const OLDEST = [3, 10] as const;

const execute = promisify(execFile);

/** The command of a Python that is new enough, or null. */
function findPython(): string | null {
  const isNewEnough = `import sys, venv, ensurepip; sys.exit(sys.version_info < (${OLDEST.join(", ")}))`;
  return CANDIDATES.find((command) => spawnSync(command, ["-c", isNewEnough]).status === 0) ?? null;
}

/**
 * The interpreter of the environment, which is made on first use: below PEERS_CACHE, by the digest of what is pinned. One process makes
 * it, beside whatever else it does; the others wait for it. Throws where there is no Python, or none of the packages.
 */
export async function ensurePython(requirements: string): Promise<string> {
  const python = findPython();
  if (!python) throw new Error(`There is no Python ${OLDEST.join(".")} or newer here.`);
  const pinned = readFileSync(requirements, "utf8");
  const digest = createHash("sha256").update(pinned).digest("hex").slice(0, 16);
  const cache = process.env.PEERS_CACHE ?? path.join(tmpdir(), "tributary-peers");
  const folder = path.join(cache, digest);
  const made = path.join(folder, "complete");
  const interpreter = path.join(folder, "bin", "python");
  if (existsSync(made)) return interpreter;
  const claim = `${folder}-making`;
  mkdirSync(claim, { recursive: true });
  let release: (() => void) | null = null;
  for (let waited = false; !release; waited = true) {
    try {
      release = lockFolder(claim);
    } catch (error) {
      if (!(error instanceof DomainError && /in use by|being opened by/.test(error.message))) throw error;
      await sleep(200);
      continue;
    }
    // Whoever waited does not try again what has just failed.
    if (waited && !existsSync(made)) {
      release();
      throw new Error(`${requirements} could not be installed; the process that tried says why.`);
    }
  }
  try {
    if (existsSync(made)) return interpreter;
    rmSync(folder, { recursive: true, force: true });
    await execute(python, ["-m", "venv", folder]);
    // What is imported is compiled then; compiling all of it takes as long as unpacking it.
    await execute(interpreter, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--require-hashes", "-r", requirements]); // prettier-ignore
    writeFileSync(made, digest);
    return interpreter;
  } finally {
    release();
  }
}

/** The interpreter with MLflow and what the Python client needs; empty, and said, where it cannot be had. */
export function mlflowPython(): Promise<string> {
  return attempt("MLflow and the Python client", () => ensurePython(MLFLOW_REQUIREMENTS));
}

/** The interpreter with Spark; empty, and said, where it or a Java cannot be had. */
export function sparkPython(): Promise<string> {
  return attempt("Spark", () => {
    assertJava();
    return ensurePython(SPARK_REQUIREMENTS);
  });
}

async function attempt(of: string, make: () => Promise<string>): Promise<string> {
  try {
    return await make();
  } catch (error) {
    console.warn(`peers: the suite of ${of} is skipped: ${(error as Error).message}`);
    return "";
  }
}

const OLDEST_JAVA = 17;

function assertJava(): void {
  const { stderr, status } = spawnSync("java", ["-version"], { encoding: "utf8" });
  const version = Number(/version "(\d+)/.exec(stderr ?? "")?.[1]);
  if (status !== 0 || !(version >= OLDEST_JAVA)) throw new Error(`There is no Java ${OLDEST_JAVA} or newer here.`);
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

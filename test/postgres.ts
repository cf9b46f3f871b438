import { execFile } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

interface TestPostgres {
  /** `postgresql://` URL of its maintenance database; the role may create databases. */
  url: string;
  /** Stops the server and removes its files. */
  stop(): Promise<void>;
}

/** A Postgres server of this machine's own on a free port of 127.0.0.1, or the reason why there is none. */
export type StartedPostgres = TestPostgres | { unavailable: string };

const PROGRAMS = ["initdb", "pg_ctl"] as const;

/** Starts a Postgres server with fresh data in a temporary folder, installing it first where that is possible. */
export async function startPostgres(): Promise<StartedPostgres> {
  try {
    let programs = findPrograms();
    if (!programs) {
      const refusal = await install();
      programs = findPrograms();
      if (!programs)
        return { unavailable: refusal ?? "PostgreSQL was installed, but initdb and pg_ctl are not found." };
    }
    return await startServer(programs);
  } catch (error) {
    return { unavailable: `PostgreSQL does not start: ${error instanceof Error ? error.message : String(error)}` };
  }
}

interface Programs {
  initdb: string;
  pg_ctl: string;
}

function findPrograms(): Programs | null {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => path.join(debian, version, "bin")),
    ...(process.env.PATH ?? "").split(path.delimiter),
  ];
  const folder = folders.find((folder) => PROGRAMS.every((program) => existsSync(path.join(folder, program))));
  return folder ? { initdb: path.join(folder, "initdb"), pg_ctl: path.join(folder, "pg_ctl") } : null;
}

/** Installs the distribution's package; returns why not when it cannot. */
async function install(): Promise<string | null> {
  if (process.getuid?.() !== 0)
    return "initdb and pg_ctl are not on this machine, and only root can install PostgreSQL.";
  if (!existsSync("/usr/bin/apt-get"))
    return "initdb and pg_ctl are not on this machine; install PostgreSQL 15 or newer.";
  const options = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  try {
    await run("apt-get", ["update"], options);
    await run("apt-get", ["install", "-y", "--no-install-recommends", "postgresql"], options);
    return null;
  } catch (error) {
    return `apt-get could not install PostgreSQL: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`;
  }
}

/** Postgres refuses to run as root: its programs then run as this account. */
function unprivilegedAccount(): { name: string; uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const account = accounts.find(([name]) => name === "postgres") ?? accounts.find(([name]) => name === "nobody");
  if (!account) throw new Error("running as root, and there is no account postgres or nobody to run the server as");
  return { name: String(account[0]), uid: Number(account[2]), gid: Number(account[3]) };
}

async function startServer(programs: Programs): Promise<TestPostgres> {
  const account = unprivilegedAccount();
  const folder = mkdtempSync(path.join(tmpdir(), "tributary-postgres-"));
  if (account) chownSync(folder, account.uid, account.gid);
  const data = path.join(folder, "data");
  const as = { cwd: folder, ...(account && { uid: account.uid, gid: account.gid }) };
  const port = await freePort();
  try {
    await run(programs.initdb, ["-D", data, "-U", "tributary", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"], as);
    // The data live as long as the tests: nothing has to survive a power cut.
    const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=100`;
    await run(programs.pg_ctl, ["-D", data, "-o", settings, "-l", path.join(folder, "log"), "-w", "start"], as);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    url: `postgresql://tributary@127.0.0.1:${port}/postgres`,
    async stop() {
      await run(programs.pg_ctl, ["-D", data, "-m", "immediate", "-w", "stop"], as);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

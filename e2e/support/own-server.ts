import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { layMigratedRegistry } from "../../test/migrated-folder";

/** A portal of its own, for what would disturb the shared one. Its registry is empty and migrated, unless its very first start is asked for. */
export class OwnServer {
  readonly token: string;
  private readonly data: string;
  private running: ChildProcess | null = null;
  private closed: Promise<void> = Promise.resolve();

  constructor(
    name: string,
    private readonly options: { firstStart?: boolean } = {},
  ) {
    this.token = `bootstrap-token-of-${name}`;
    this.data = mkdtempSync(path.join(tmpdir(), `tributary-${name}-`));
  }

  /**
   * `npm start` on a free port, until it prints its address. Relative locations of sources are in `sources`. Stopping answers how it
   * ended.
   */
  async start({
    demo,
    sources,
    role = "all",
  }: {
    demo: boolean;
    sources?: string[];
    role?: "all" | "web";
  }): Promise<{ url: string; stop: () => Promise<number | null>; pid: number }> {
    const isNew = !existsSync(path.join(this.data, "registry"));
    if (isNew && !this.options.firstStart) await layMigratedRegistry(this.data);
    const child = spawn(process.execPath, ["scripts/start.mjs"], {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        HOST: "127.0.0.1",
        PORT: "0",
        DATABASE_URL: "",
        TRIBUTARY_DATA: this.data,
        TRIBUTARY_DEMO: demo ? "1" : "0",
        TRIBUTARY_ROLE: role,
        TRIBUTARY_BOOTSTRAP_TOKEN: this.token,
        TRIBUTARY_LOG_LEVEL: "warn",
        ...(sources && { TRIBUTARY_SOURCES: sources.map((folder) => path.resolve(folder)).join(path.delimiter) }),
      },
    });
    this.running = child;
    this.closed = new Promise((resolve) => child.once("close", () => resolve()));
    const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
    const url = await new Promise<string>((resolve, reject) => {
      let printed = "";
      child.stdout?.on("data", (chunk) => {
        printed += String(chunk);
        const address = /Tributary is at (\S+)/.exec(printed)?.[1];
        if (address) resolve(address);
      });
      void ended.then((code) => reject(new Error(`It ended with ${code} before it was ready: ${printed}`)));
    });
    const stop = () => {
      child.kill("SIGTERM");
      return ended;
    };
    return { url, stop, pid: child.pid as number };
  }

  /** Ends it whatever it does, the server behind it included, and removes its folder. */
  async remove(): Promise<void> {
    this.running?.kill("SIGKILL");
    // Whoever still writes to the output that this process reads is not gone.
    await Promise.race([
      this.closed,
      sleep(GONE_WITHIN_MS, undefined, { ref: false }).then(() => Promise.reject(new Error(STILL_THERE))),
    ]);
    rmSync(this.data, { recursive: true, force: true });
  }
}

const GONE_WITHIN_MS = 20_000;
const STILL_THERE = `The server goes on ${GONE_WITHIN_MS / 1000} seconds after the process that started it was killed.`;

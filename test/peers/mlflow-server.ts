/** For tests: a real MLflow server on a free port of this machine, with a store and files of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";

const START_WITHIN_MS = 240_000;
const STOP_WITHIN_MS = 20_000;

export class MlflowServer {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly python: string,
    private readonly folder: string,
    readonly port: number,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** @param folder where it keeps everything; it is there already */
  static async start(python: string, folder: string): Promise<MlflowServer> {
    const server = new MlflowServer(python, folder, await freePort());
    await server.start();
    return server;
  }

  /** Starts it, or starts it again on the same port with what it kept. */
  async start(): Promise<void> {
    const child = spawn(
      this.python,
      [
        ...["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", String(this.port), "--workers", "1"],
        ...["--backend-store-uri", `sqlite:///${path.join(this.folder, "store.sqlite")}`],
        ...["--artifacts-destination", path.join(this.folder, "artifacts")],
      ],
      // A group of its own, because it starts processes that outlive it.
      {
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
        cwd: this.folder,
        // The server of 2.x is a program beside the interpreter.
        env: { ...process.env, PATH: `${path.dirname(this.python)}${path.delimiter}${process.env.PATH ?? ""}` },
      },
    );
    this.child = child;
    const log = createWriteStream(path.join(this.folder, "server.log"), { flags: "a" });
    child.stdout?.pipe(log);
    child.stderr?.pipe(log);
    for (const until = Date.now() + START_WITHIN_MS; ;) {
      if (await fetch(`${this.url}/health`).then(({ ok }) => ok, () => false)) return; // prettier-ignore
      if (child.exitCode !== null) throw new Error(`MLflow's server ended with ${child.exitCode}; see ${this.folder}/server.log`); // prettier-ignore
      if (Date.now() > until) {
        await this.stop();
        throw new Error(`MLflow's server did not answer in ${START_WITHIN_MS / 1000} s.`);
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  async stop(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child?.pid || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    process.kill(-child.pid, "SIGTERM");
    const timer = setTimeout(() => process.kill(-(child.pid as number), "SIGKILL"), STOP_WITHIN_MS);
    await ended;
    clearTimeout(timer);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

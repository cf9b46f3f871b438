/** What tests share that kill a worker: a database that outlives it, and the killing. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import pg from "pg";
import { bundle } from "@/scripts/programs.mjs";
import { layMigratedRegistry } from "@/test/migrated-folder";

const server = process.env.TEST_DATABASE_URL;

export interface Place {
  /** A Postgres URL, or the folder of an embedded database: what `openDatabase` and the child need. */
  where: string;
  options: { url: string } | { directory: string };
  drop(): Promise<void>;
}

/** A database of its own on the test server; the folder's embedded one without a server. */
export async function createPlace(directory: string): Promise<Place> {
  if (!server) {
    await layMigratedRegistry(directory);
    return { where: directory, options: { directory }, drop: () => Promise.resolve() };
  }
  const name = `killed_${randomBytes(6).toString("hex")}`;
  const template = process.env.TEST_DATABASE_TEMPLATE;
  await onServer(`CREATE DATABASE ${name}${template ? ` TEMPLATE ${template}` : ""}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    where: url.href,
    options: { url: url.href },
    drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** A script of the tests as a program that Node runs. */
export async function programOf(script: string): Promise<string> {
  const name = path.basename(script, ".ts");
  const folder = path.resolve("node_modules/.cache/tributary/scripts");
  await bundle({ [name]: script }, folder);
  return path.join(folder, `${name}.mjs`);
}

/**
 * Runs a script until it says `middle ANSWER`, kills it without a chance to say goodbye, and resolves with the answer.
 * `more` are arguments of the
 * script besides `where`; `onStart` is given the process, so that a test that ends early can end it.
 */
export async function killInTheMiddle(
  script: string,
  {
    where,
    data,
    more = [],
    onStart,
  }: { where: string; data: string; more?: string[]; onStart: (child: ChildProcess) => void },
): Promise<string> {
  const program = await programOf(script);
  return new Promise((resolve, reject) => {
    let said = "";
    let complaint = "";
    let answer: string | undefined;
    const child = spawn(process.execPath, [program, where, ...more], {
      env: { ...process.env, TRIBUTARY_DATA: data },
      stdio: ["ignore", "pipe", "pipe"],
    });
    onStart(child);
    child.stderr.on("data", (chunk) => (complaint += String(chunk)));
    child.stdout.on("data", (chunk) => {
      said += String(chunk);
      answer = /middle (\S+)\n/.exec(said)?.[1];
      // Long enough for the progress to be written.
      if (answer) setTimeout(() => child.kill("SIGKILL"), 700);
    });
    child.once("error", reject);
    child.once("exit", () =>
      answer ? resolve(answer) : reject(new Error(`The worker did not come far: ${complaint}`)),
    );
  });
}

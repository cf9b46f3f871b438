import { execFile } from "node:child_process";
import path from "node:path";
import { format } from "node:util";
import { main } from "./main";

export const BINARY = path.resolve("bin/tributary.mjs");

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** The variables of a program that finds neither a server nor another database, with data in `folder`; `more` may name them again. */
export function programEnvironment(folder: string, more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, TRIBUTARY_URL: __, FORCE_COLOR: ___, ...inherited } = process.env;
  return { ...inherited, TRIBUTARY_DATA: path.join(folder, "data"), PORT: "9", ...more };
}

/** Runs the real program, a process of its own, from a folder that is not the installation. */
export function runProgram(folder: string, args: string[], more?: Record<string, string>): Promise<Outcome> {
  const env = programEnvironment(folder, more);
  return new Promise((resolve) => {
    execFile(process.execPath, [BINARY, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

/** Runs what the program runs, in this process: loading the product anew for every command takes longer than most commands. */
export async function runCommand(folder: string, args: string[], more?: Record<string, string>): Promise<Outcome> {
  const before = { env: process.env, directory: process.cwd(), log: console.log, error: console.error };
  const settings = globalThis as { tributaryEnvironment?: unknown };
  const printed = { stdout: "", stderr: "" };
  const printTo =
    (stream: keyof typeof printed) =>
    (...values: unknown[]) => {
      printed[stream] += `${format(...values)}\n`;
    };
  process.env = programEnvironment(folder, more);
  process.chdir(folder);
  console.log = printTo("stdout");
  console.error = printTo("stderr");
  delete settings.tributaryEnvironment;
  try {
    return { code: await main(args), ...printed };
  } finally {
    process.env = before.env;
    process.chdir(before.directory);
    console.log = before.log;
    console.error = before.error;
    delete settings.tributaryEnvironment;
  }
}

import { execFile } from "node:child_process";
import path from "node:path";

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

/** Runs the real program from a folder that is not the installation. */
export function runProgram(folder: string, args: string[], more?: Record<string, string>): Promise<Outcome> {
  const env = programEnvironment(folder, more);
  return new Promise((resolve) => {
    execFile(process.execPath, [BINARY, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

import type { TestProject } from "vitest/node";
import { ensurePython } from "./python-environment";

/** Makes the Python environment of the project `peers` before its first test. Where none can be had, its tests are skipped by name. */
export default function setup(project: TestProject): void {
  try {
    project.provide("python", ensurePython());
  } catch (error) {
    console.warn(`peers is skipped: ${(error as Error).message}`);
    project.provide("python", "");
  }
}

declare module "vitest" {
  interface ProvidedContext {
    /** Command of the interpreter; empty where there is none. */
    python: string;
  }
}

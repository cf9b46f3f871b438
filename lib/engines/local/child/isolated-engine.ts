/**
 * The local engine with its work in child processes: what users wrote is described, prepared and run there, and when it takes
 * more memory or time than it may, the process is gone and this one is not.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import type { RunControl } from "@/lib/domain/runs/run-control";
import { DomainError } from "@/lib/domain/errors";
import type { Engine } from "../../engine";
import { createLocalEngine, type LocalEngineOptions } from "../local-engine";
import { checkInChunks, tooSlow } from "./check-in-chunks";
import { EngineProcess } from "./engine-process";
import type { ChildMethod } from "./messages";
import { ScoringProcess } from "./scoring-process";

/** Processes that wait for work, because starting one takes a second. */
const WARM = 2;
/** Processes at once; further calls wait for one. */
const MOST = 4;
/** One that still holds more than this after its work does not get another. */
const MOST_HELD = 512 * 2 ** 20;
/** What answers a request; a run may take as long as runs do. */
const INSPECT_MS = 120_000;
/** What joins the rows of a request, which waits for it. */
const JOIN_MS = 600_000;
/** What reads the beginnings of one source's files, within bounds. */
const READ_MS = 30_000;
/** Telling what files hold takes longer than checking what they are said to hold. */
const INSPECTION_READS = 2;
/** What binds a few dozen statements, which takes milliseconds. */
const BIND_MS = 20_000;

export interface IsolatedEngineOptions extends LocalEngineOptions {
  /** Milliseconds that a run may take. */
  runLimit: number;
  /** Milliseconds that binding a few dozen statements may take. */
  bindLimit?: number;
  /** Milliseconds that reading the beginnings of a source's files may take. */
  readLimit?: number;
}

export interface IsolatedEngine extends Engine {
  /** Starts a process, so that the first call need not wait for one. */
  warm(): void;
  close(): void;
}

export function createIsolatedEngine({
  runLimit,
  bindLimit = BIND_MS,
  readLimit = READ_MS,
  ...options
}: IsolatedEngineOptions): IsolatedEngine {
  const pool = new ProcessPool(options.memoryLimit);
  const scoring = new ScoringProcess(options);
  const here = createLocalEngine(options);

  async function perform<Method extends ChildMethod>(
    method: Method,
    args: unknown[],
    {
      control,
      signal,
      timeLimit = INSPECT_MS,
      tooLong,
    }: {
      control?: RunControl;
      signal?: AbortSignal | undefined;
      timeLimit?: number;
      tooLong?: (milliseconds: number) => DomainError;
    } = {},
  ): Promise<Awaited<ReturnType<Engine[Method]>>> {
    // Its own folder, so that what a killed process leaves is known.
    await mkdir(options.dataDirectory, { recursive: true });
    const folder = await mkdtemp(path.join(options.dataDirectory, "work-"));
    const child = await pool.take();
    let held = Infinity;
    try {
      const call = { kind: "call", options: { ...options, dataDirectory: folder }, method, args } as const;
      const { value, bytes } = await child.perform({
        call,
        control,
        signal: control?.signal ?? signal,
        timeLimit,
        tooLong,
      });
      held = bytes;
      return value as Awaited<ReturnType<Engine[Method]>>;
    } finally {
      // After an error nobody knows what it holds.
      if (held > MOST_HELD) child.kill();
      pool.give(child);
      await rm(folder, { recursive: true, force: true });
    }
  }

  return {
    name: here.name,
    version: here.version,
    format: here.format,
    unsupported: (stages, world) => here.unsupported(stages, world),
    // Files that runs wrote, by names that are quoted: nothing of it is anybody's SQL, and rows would be copied twice.
    readRows: (file, wanted) => here.readRows(file, wanted),
    // Names and times of files, which nobody's SQL reads.
    glance: (source) => here.glance(source),
    // A run reads all of its sources, however long that takes.
    describe: (source, bounds, access, signal) =>
      perform("describe", [source, bounds, access], { timeLimit: bounds ? readLimit : runLimit, tooLong: readTooLong(source), signal }), // prettier-ignore
    inspectFiles: (request, bounds, signal) =>
      perform("inspectFiles", [request, bounds], {
        timeLimit: readLimit * INSPECTION_READS,
        signal,
        tooLong: readTooLong(request),
      }),
    inspectTable: (request, access, signal) =>
      perform("inspectTable", [request, access], { signal, tooLong: readTooLong({ location: request.table }) }),
    greetDatabase: (access, signal) =>
      perform("greetDatabase", [access], { signal, timeLimit: readLimit, tooLong: readTooLong({ location: access.host }) }), // prettier-ignore
    countRows: (source, windows, access) =>
      perform("countRows", [source, windows, access], { tooLong: readTooLong(source) }),
    measureRules: (source, snapshot, rules) =>
      perform("measureRules", [source, snapshot, rules], { timeLimit: runLimit }),
    measureOutputRules: (output, rules) => perform("measureOutputRules", [output, rules], { timeLimit: runLimit }),
    runVariant: (plan, control) => perform("runVariant", [plan], { control, timeLimit: runLimit }),
    scoreRows: (request) => scoring.score(request),
    profileValues: (asked) => perform("profileValues", [asked]),
    compareOutcomes: (request, signal) => perform("compareOutcomes", [request], { signal, timeLimit: runLimit }),
    measureOutcomes: (request, signal) => perform("measureOutcomes", [request], { signal, timeLimit: runLimit }),
    sampleRows: (request, signal) => perform("sampleRows", [request], { signal }),
    compareRows: (request, signal) => perform("compareRows", [request], { signal, timeLimit: runLimit }),
    intersectUnits: (request, signal) => perform("intersectUnits", [request], { signal, timeLimit: runLimit }),
    sketchUnits: (request, signal) => perform("sketchUnits", [request], { signal, timeLimit: runLimit }),
    assignRows: (request, signal) => perform("assignRows", [request], { signal, timeLimit: runLimit }),
    joinHistory: (request, signal) =>
      perform("joinHistory", [request], { signal, timeLimit: JOIN_MS, tooLong: joinTooLong }),
    previewTraining: (request, first, signal) =>
      perform("previewTraining", [request, first], { signal, timeLimit: JOIN_MS, tooLong: joinTooLong }),
    freezeTraining: (request, file, signal) =>
      perform("freezeTraining", [request, file], { signal, timeLimit: JOIN_MS, tooLong: joinTooLong }),
    convertTraining: (request, signal) => perform("convertTraining", [request], { signal, timeLimit: JOIN_MS }),
    testStage: (stage, surroundings, signal) => perform("testStage", [stage, surroundings], { signal }),
    checkStatements: (stages, signal) => checkInChunks(stages, (some) => perform("checkStatements", [some], { signal, timeLimit: bindLimit, tooLong: tooSlow })), // prettier-ignore
    warm: () => pool.warm(),
    close: () => {
      pool.close();
      scoring.close();
    },
  };
}

const readTooLong =
  ({ location }: { location?: string | null | undefined }) =>
  (milliseconds: number) =>
    new DomainError(
      "unavailable",
      `Reading ${location ?? "the files"} took longer than ${milliseconds / 1000} seconds and was stopped. Try again when the server has less to do; if it stays so, store the data as Parquet, or as several smaller files.`,
    );

const joinTooLong = (milliseconds: number) =>
  new DomainError(
    "unavailable",
    `Joining took longer than ${milliseconds / 60_000} minutes and was stopped. Ask for fewer rows or features at a time, or when the server has less to do.`,
  );

class ProcessPool {
  private idle: EngineProcess[] = [];
  private busy = new Set<EngineProcess>();
  private waiting: ((child: EngineProcess) => void)[] = [];

  constructor(private readonly memoryLimit: string) {}

  warm(): void {
    if (this.idle.length === 0) this.idle.push(new EngineProcess(this.memoryLimit));
  }

  take(): Promise<EngineProcess> {
    if (this.busy.size >= MOST) return new Promise((resolve) => this.waiting.push(resolve));
    return Promise.resolve(this.next());
  }

  private next(): EngineProcess {
    this.idle = this.idle.filter((child) => !child.isOver);
    const child = this.idle.shift() ?? new EngineProcess(this.memoryLimit);
    this.busy.add(child);
    return child;
  }

  give(child: EngineProcess): void {
    this.busy.delete(child);
    if (!child.isOver && this.idle.length < WARM) this.idle.push(child);
    else child.kill();
    const waiting = this.waiting.shift();
    if (waiting) waiting(this.next());
    // The next one is ready before it is asked for.
    else this.warm();
  }

  close(): void {
    for (const child of [...this.idle, ...this.busy]) child.kill();
    this.idle = [];
  }
}

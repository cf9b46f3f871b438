/**
 * What lives no longer than the work that made it lies in `scratch`, below a folder that says which thread of which process it is for:
 * whoever starts sweeps what nobody can be using any more, and nothing else.
 */
import { hostname } from "node:os";
import path from "node:path";
import { threadId } from "node:worker_threads";
import { isAlive } from "./is-alive";

const FOLDER = "scratch";
/** Seconds between what two threads of a process may think it was started at. */
const SAME_START_S = 2;

interface Owner {
  host: string;
  process: number;
  thread: number;
  /** When the process started, in seconds since 1970: a process of before may have had its number. */
  started: number;
}

function thisThread(): Owner {
  return {
    host: hostname().replaceAll(/[^A-Za-z0-9-]/g, "-"),
    process: process.pid,
    thread: threadId,
    // The same in all of its threads, also in one that begins after the clock was set.
    started: Math.round(performance.timeOrigin / 1000),
  };
}

export function scratchFolder(data: string): string {
  return path.join(data, FOLDER);
}

let own: string | undefined;

/** Where this thread may put what it needs for a while. The folder is not made. */
export function ownScratch(data: string): string {
  own ??= Object.values(thisThread()).join(".");
  return path.join(scratchFolder(data), own);
}

/**
 * Whether nobody can be using a folder of `scratch`. The first thread of a process lives as long as the process; of the others only the
 * asking one is known to live, because a process has one thread of jobs at a time.
 * @param alone whether no other process can be using the data folder
 */
export function isOrphan(name: string, { alone, asking = thisThread() }: { alone: boolean; asking?: Owner }): boolean {
  const owner = parse(name);
  if (owner === null) return alone;
  if (owner.host !== asking.host) return alone;
  if (owner.process !== asking.process) return alone || !isAlive(owner.process);
  if (Math.abs(owner.started - asking.started) > SAME_START_S) return true;
  return owner.thread !== 0 && owner.thread !== asking.thread;
}

function parse(name: string): Owner | null {
  const [, host, ...numbers] = /^([A-Za-z0-9-]+)\.(\d+)\.(\d+)\.(\d+)$/.exec(name) ?? [];
  if (host === undefined) return null;
  const [process = 0, thread = 0, started = 0] = numbers.map(Number);
  return { host, process, thread, started };
}

import { environment } from "./environment";
import { log } from "./log";
import { isLoopback } from "./loopback";

/** What proxies add to a request that they pass on. */
const FORWARDING = [
  "forwarded",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-forwarded-server",
  "x-forwarded-prefix",
  "x-original-forwarded-for",
  "x-real-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "cf-connecting-ip",
  "true-client-ip",
];

const holder = globalThis as typeof globalThis & { tributaryForwarded?: Int32Array };

/** Whether a forwarded request was seen: memory that all threads of the process share. */
export function forwardingFlag(): Int32Array {
  return (holder.tributaryForwarded ??= new Int32Array(new SharedArrayBuffer(4)));
}

/** Takes the flag of the thread that listens. */
export function shareForwardingFlag(flag: Int32Array): void {
  holder.tributaryForwarded = flag;
}

/**
 * Whether nobody but this machine can reach the server: it listens on a loopback address, has no public URL, and no request came
 * that was passed on by a proxy. The one question of demo sign-in, free source paths and private webhooks. A worker of
 * its own does not listen, and cannot know who reaches the processes that do.
 */
export function isOnlyThisMachine(): boolean {
  const { HOST, NEXTAUTH_URL, TRIBUTARY_ROLE } = environment();
  const isPublished = NEXTAUTH_URL !== undefined && !isLoopback(bare(new URL(NEXTAUTH_URL).hostname));
  return isLoopback(HOST) && !isPublished && TRIBUTARY_ROLE !== "worker" && Atomics.load(forwardingFlag(), 0) === 0;
}

export interface RequestHead {
  httpVersion: string;
  headers: Record<string, string | string[] | undefined>;
}

/**
 * Looks at every request before anybody answers it: one that a proxy passed on, or that was addressed to a name that is not this
 * machine's, means that others reach the server, from now on until it starts again.
 */
export function noteForwarding(request: RequestHead): void {
  if (Atomics.load(forwardingFlag(), 0) !== 0) return;
  const sign = forwardingSign(request);
  if (!sign) return;
  Atomics.store(forwardingFlag(), 0, 1);
  if (isLoopback(environment().HOST))
    log().warn(
      { sign },
      "a request came through a proxy: demo sign-in, sources outside the folders and private webhooks are off until the next start",
    );
}

/** What shows that a request came through others, or null for one from this machine. */
export function forwardingSign({ httpVersion, headers }: RequestHead): string | null {
  const header = FORWARDING.find((name) => headers[name] !== undefined);
  if (header) return header;
  // Browsers and programs of today say 1.1; nginx says 1.0 unless told otherwise, and adds no header of its own.
  if (httpVersion === "1.0") return "HTTP/1.0";
  const { host } = headers;
  return typeof host === "string" && isLoopback(bare(host.replace(/:\d*$/, ""))) ? null : "host";
}

const bare = (host: string) => host.replace(/^\[(.*)\]$/, "$1");

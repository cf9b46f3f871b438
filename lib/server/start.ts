import path from "node:path";
import { environment, EnvironmentError } from "@/lib/config/environment";
import { log } from "@/lib/config/log";
import { closeDatabase, openDatabase } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import { DomainError } from "@/lib/domain/errors";
import { checkOnlineStore } from "@/lib/online/check-store";
import { closeOnlineStore } from "@/lib/online/open-online-store";
import { fillDigests } from "@/lib/registry/definitions/fill-digests";
import { fillLineage } from "@/lib/registry/lineage/sync";
import { createFirstAdministrator } from "@/lib/registry/access/people";
import { engine } from "@/lib/engines/current-engine";
import { prepareDemo } from "@/lib/demo/seed-demo";
import { type RunningJobs, startJobs } from "./jobs";
import { startJobsThread } from "./jobs-thread";
import { closeWhatListens, onStop } from "./stopping";

const holder = globalThis as typeof globalThis & { tributaryStarted?: Promise<void> };

/** Opens what this process needs and starts what its role asks for. Later calls, as a bundler may make, do nothing. */
export async function start(): Promise<void> {
  await (holder.tributaryStarted ??= begin());
}

async function begin(): Promise<void> {
  try {
    const { TRIBUTARY_ROLE: role, TRIBUTARY_DEMO } = environment();
    await openDatabase();
    await openQueue();
    const online = await checkOnlineStore(path.join(environment().TRIBUTARY_DATA, "online"));
    if (online === "unchecked") log().warn("the online store is too large to be checked at the start");
    await fillDigests();
    await fillLineage();
    // Before the first page is served, so that somebody can sign in to it.
    if (role === "all" && TRIBUTARY_DEMO) await prepareDemo();
    await ensureAdministrator();
    // Its first work need not wait for a process to start.
    engine().warm();
    stopInOrder(await jobsOf(role));
  } catch (error) {
    process.stderr.write(`Tributary cannot start:\n${reasonOf(error).replace(/^/gm, "  ")}\n`);
    process.exit(1);
  }
}

/** Beside pages, jobs run in a thread of their own, so that none holds up an answer. */
function jobsOf(role: string): Promise<RunningJobs> | null {
  if (role === "all") return startJobsThread();
  return role === "worker" ? startJobs() : null;
}

/** What a person can act on is said in its own words; anything else is ours to find, with its stack. */
function reasonOf(error: unknown): string {
  if (error instanceof EnvironmentError) return `${error.message}\nSee docs/configuration.md.`;
  if (error instanceof DomainError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The administrator of the environment variables, unless somebody can already sign in with a password. */
async function ensureAdministrator(): Promise<void> {
  const { TRIBUTARY_ADMIN_EMAIL: email, TRIBUTARY_ADMIN_PASSWORD: password } = environment();
  if (!email || !password) return;
  try {
    await createFirstAdministrator({ email: email.toLowerCase(), password, name: email.split("@")[0] ?? email });
  } catch (error) {
    if (!(error instanceof DomainError && error.code === "conflict")) throw error;
  }
}

/** Stops taking work, gives back what runs, closes what is open, in this order, and leaves with 0. */
function stopInOrder(jobs: RunningJobs | null): void {
  onStop((reason) => {
    log().info({ reason }, "stopping");
    void close(jobs).then(
      () => process.exit(0),
      (error: unknown) => {
        log().error({ err: error }, "could not stop in order");
        process.exit(1);
      },
    );
  });
}

async function close(jobs: RunningJobs | null): Promise<void> {
  await Promise.all([closeWhatListens(), jobs?.stop()]);
  engine().close();
  await closeOnlineStore();
  await closeDatabase();
}

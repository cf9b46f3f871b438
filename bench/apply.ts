import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { closeDatabase, openDatabase, prisma } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import { getFeature } from "@/lib/registry/features/detail";
import { applySpecs } from "@/lib/registry/specs/specs";
import { type Document, largeDocuments, mixedDocuments } from "@/test/large-documents";
import type { BenchRow } from "./bench-row";

const WAIT_MS = 1000;
/** What "seconds" are at most. */
const APPLY_MS = 10_000;
const ROUNDS = 3;
const PAUSE_MS = 20;
/** Entity and sources, so that there is something to read. */
const PRESENT = 51;

/**
 * Applies of 3,001 documents, and of as many of which a third changed and a third is gone, on an embedded database on disk, while
 * others read from it: one statement by primary key and a feature's page, again and again from the thread that applies, as in a
 * portal. Each round is a workspace of its own; a wait is counted from when its read was due, so that a busy event loop counts too.
 */
export async function benchApply(): Promise<BenchRow[]> {
  const directory = mkdtempSync(path.join(tmpdir(), "tributary-bench-apply-"));
  await openDatabase({ directory });
  try {
    const measured: Measured[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const workspace = `large_${round}`;
      const all = largeDocuments(() => "");
      await applySpecs(SYSTEM, { documents: [{ kind: "Workspace", name: workspace }, ...all.slice(0, PRESENT)] });
      measured.push(await whileReading(workspace, "created", all));
      measured.push(await whileReading(workspace, "a third changed, a third retired", mixedDocuments()));
    }
    return ["created", "a third changed, a third retired"].flatMap((what) => {
      const these = measured.filter((one) => one.what === what);
      const worst = (figure: (one: Measured) => number) => Math.max(...these.map(figure));
      const size = `${largeDocuments(() => "").length.toLocaleString("en")} documents, ${what}; the longest of ${ROUNDS}`;
      return [
        row(
          "apply: longest wait of a statement",
          size,
          worst(({ statement }) => statement),
          WAIT_MS,
        ),
        row(
          "apply: longest wait of a page",
          size,
          worst(({ page }) => page),
          WAIT_MS,
        ),
        row(
          "apply: all of it",
          size,
          worst(({ whole }) => whole),
          APPLY_MS,
        ),
      ];
    });
  } finally {
    await closeDatabase();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Milliseconds. */
interface Measured {
  what: string;
  statement: number;
  page: number;
  whole: number;
}

async function whileReading(workspace: string, what: string, documents: Document[]): Promise<Measured> {
  const statements = probe(() => prisma().workspace.findFirst({ select: { id: true } }));
  const pages = probe(() => getFeature(SYSTEM, workspace, "item.c0"));
  const from = performance.now();
  await applySpecs(SYSTEM, { workspace, documents, prune: true });
  const whole = performance.now() - from;
  const measured = { what, statement: await statements(), page: await pages(), whole };
  console.log(`  ${what}: ${Object.entries(measured).slice(1).map(([name, ms]) => `${name} ${(ms as number).toFixed(0)} ms`).join(", ")}`); // prettier-ignore
  return measured;
}

/** Reads every 20 ms until it is stopped: the longest time from when a read was due to its answer. */
function probe(read: () => Promise<unknown>): () => Promise<number> {
  let longest = 0;
  let isRunning = true;
  const ended = (async () => {
    while (isRunning) {
      const due = performance.now() + PAUSE_MS;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      await read();
      longest = Math.max(longest, performance.now() - due);
    }
  })();
  return async () => {
    isRunning = false;
    await ended;
    return longest;
  };
}

function row(name: string, size: string, measured: number, limit: number): BenchRow {
  return {
    name,
    size,
    measured,
    against: `${limit.toLocaleString("en")} ms`,
    limit,
    ratio: measured / limit,
    bar: "≤ 1 ×",
    ok: measured <= limit,
  };
}

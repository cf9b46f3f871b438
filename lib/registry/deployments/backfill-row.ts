import type { Backfill, BackfillAction, BackfillState, ChunkState } from "@/lib/contracts/backfills";
import type { JobKind } from "@/lib/domain/runs/job-kinds";
import type { Prisma } from "@/lib/db/generated/client";

/** A back-fill with its chunks and their newest runs, from the earliest. */
export const BACKFILL = {
  chunks: {
    orderBy: { position: "asc" },
    include: {
      run: {
        select: {
          id: true,
          number: true,
          state: true,
          progress: true,
          message: true,
          rows: true,
          startedAt: true,
          finishedAt: true,
          scoredWith: { select: { version: true } },
        },
      },
    },
  },
} as const satisfies Prisma.BackfillInclude;
export type BackfillRow = Prisma.BackfillGetPayload<{ include: typeof BACKFILL }>;
type ChunkRow = BackfillRow["chunks"][number];

/** Where a chunk stands: its run knows before the next look at the back-fill writes it down. */
export function stateOfChunk({ state, run }: ChunkRow): ChunkState {
  if (state !== "running" || !run) return state as ChunkState;
  if (run.state === "succeeded") return "succeeded";
  return run.state === "failed" || run.state === "canceled" ? "failed" : "running";
}

export function secondsOf(run: { startedAt: Date | null; finishedAt: Date | null } | null): number | null {
  return run?.startedAt && run.finishedAt ? (run.finishedAt.getTime() - run.startedAt.getTime()) / 1000 : null;
}

export function toBackfill(
  row: BackfillRow,
  kind: JobKind,
  nameOf: (id: string) => string,
  { live, may }: { live: boolean; may: boolean },
): Backfill {
  const states = row.chunks.map(stateOfChunk);
  const count = (state: ChunkState) => states.filter((one) => one === state).length;
  const done = count("succeeded");
  const failed = count("failed");
  const current = row.chunks.find((chunk) => stateOfChunk(chunk) === "running");
  const partly = current?.run?.progress ?? 0;
  const state = row.state as BackfillState;
  return {
    id: row.id,
    kind: kind === "predict_production" ? kind : "predict_staging",
    from: row.rangeFrom.toISOString(),
    to: row.rangeTo.toISOString(),
    chunkDays: row.chunkDays,
    state,
    createdAt: row.createdAt.toISOString(),
    createdBy: nameOf(row.createdBy),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    chunks: states.length,
    done,
    failed,
    progress: states.length === 0 ? 1 : Math.min(1, (done + partly) / states.length),
    etaSeconds: state === "running" ? etaOf(row, states, partly) : null,
    message: describe(state, { total: states.length, done, failed, current: current?.run?.number }),
    actions: may && live ? actionsOf(state, count("succeeded") < states.length) : [],
  };
}

/** Seconds that the chunks which are not done will take, if they take what the others did. */
function etaOf(row: BackfillRow, states: ChunkState[], partly: number): number | null {
  const seconds = row.chunks.flatMap((chunk, index) =>
    states[index] === "succeeded" ? (secondsOf(chunk.run) ?? []) : [],
  );
  if (seconds.length === 0) return null;
  const mean = seconds.reduce((sum, one) => sum + one, 0) / seconds.length;
  const left = states.filter((state) => state === "pending" || state === "running").length - partly;
  return Math.max(0, Math.round(mean * left));
}

function describe(
  state: BackfillState,
  { total, done, failed, current }: { total: number; done: number; failed: number; current: number | undefined },
): string {
  const chunks = `${done} of ${total} ${total === 1 ? "chunk" : "chunks"} done`;
  const broken = failed > 0 ? `, ${failed} failed` : "";
  switch (state) {
    case "running":
      return `${chunks}${broken}${current === undefined ? "; the next one is about to begin" : `; run ${current} computes the next one`}.`;
    case "paused":
      return `Paused: ${chunks}${broken}${current === undefined ? "" : `; run ${current} goes on to its end`}.`;
    case "failed":
      return `${chunks}${broken}. See the runs that failed, then retry: what is done is not computed again.`;
    case "canceled":
      return `Canceled: ${chunks}${broken}. What is done stays.`;
    case "succeeded":
      return `Done: all ${total} ${total === 1 ? "chunk" : "chunks"}.`;
  }
}

function actionsOf(state: BackfillState, isLeft: boolean): BackfillAction[] {
  if (state === "running") return ["pause", "cancel"];
  if (state === "paused") return ["resume", "cancel"];
  return state === "failed" && isLeft ? ["retry"] : [];
}

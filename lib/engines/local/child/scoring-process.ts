/** The process that answers requests for predictions: it keeps models ready, which processes that are taken in turn could not. */
import path from "node:path";
import { DomainError } from "@/lib/domain/errors";
import type { ScoredRows, ScoringRequest } from "@/lib/domain/runs/scoring-plan";
import type { LocalEngineOptions } from "../local-engine";
import { EngineProcess } from "./engine-process";

/** What one request may take; a stage that takes longer holds up every other model. */
const SCORE_MS = 10_000;

export class ScoringProcess {
  private child: EngineProcess | null = null;
  /** Keys of the plans that the process was told. */
  private told = new Set<string>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: LocalEngineOptions) {}

  /** One request after the other. */
  score(request: ScoringRequest): Promise<ScoredRows | null> {
    const scored = this.last.then(() => this.ask(request));
    this.last = scored.catch(() => undefined);
    return scored;
  }

  private async ask(request: ScoringRequest): Promise<ScoredRows | null> {
    const child = this.start();
    if (request.plan !== null && this.told.has(request.key)) {
      // A plan may be megabytes of trees: it is sent once.
      const known = await this.perform(child, { ...request, plan: null });
      if (known) return known;
    }
    const scored = await this.perform(child, request);
    if (scored) this.told.add(request.key);
    return scored;
  }

  private async perform(child: EngineProcess, request: ScoringRequest): Promise<ScoredRows | null> {
    const dataDirectory = path.join(this.options.dataDirectory, "scoring");
    const { value } = await child.perform({
      call: {
        kind: "call",
        options: { ...this.options, dataDirectory },
        method: "scoreRows",
        args: [request],
      },
      timeLimit: SCORE_MS,
      tooLong,
    });
    return value as ScoredRows | null;
  }

  private start(): EngineProcess {
    if (this.child && !this.child.isOver) return this.child;
    this.told = new Set();
    return (this.child = new EngineProcess(this.options.memoryLimit));
  }

  close(): void {
    this.child?.kill();
    this.child = null;
  }
}

function tooLong(milliseconds: number): DomainError {
  return new DomainError(
    "unavailable",
    `Scoring took longer than ${milliseconds / 1000} seconds and was stopped. Send fewer rows; if it stays so, a stage's statement is too slow to be asked row by row: use a predict job.`,
  );
}

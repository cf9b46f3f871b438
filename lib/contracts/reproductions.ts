import { z } from "zod";
import { FINDING_STATES, LEVELS, REPRODUCTION_VERDICTS } from "@/lib/domain/reproductions/report";
import { Instant, listOf, operation, Page, WorkspaceQuery } from "./operation";

const FindingState = z
  .enum(FINDING_STATES)
  .describe("identical (to the last bit), within_tolerance, differs, gone, not_recorded (nothing to compare with) or not_reached (because of what was found before)."); // prettier-ignore

const Finding = z
  .object({
    subject: z.string().describe("What it is about, such as `flights@3` or `test auc`."),
    state: FindingState,
    text: z.string().describe("The finding in a sentence."),
    expected: z.string().optional().describe("What was recorded."),
    found: z.string().optional().describe("What is there now, or came out now."),
  })
  .meta({ id: "ReproductionFinding", description: "One thing that was compared." });

const Level = z
  .object({
    name: z
      .enum(LEVELS)
      .describe("available: are the bytes there; inputs: are they what was read; definitions; environment (says, decides nothing); artefacts: what estimators learned; metrics; outputs: the rows that were written."), // prettier-ignore
    state: FindingState,
    findings: z.array(Finding).describe("What it follows from."),
  })
  .meta({ id: "ReproductionLevel", description: "One level of a reproduction." });

const Verdict = z
  .enum(REPRODUCTION_VERDICTS)
  .describe(
    "REPRODUCIBLE: it came out the same. DRIFTED: something differs. EXPIRED: something that it needs is gone.",
  );

const Report = z
  .object({
    verdict: Verdict,
    summary: z.string().describe("What differs or is gone, by name; or that it is the same."),
    levels: z.array(Level).describe("In the order in which they were looked at."),
    tolerance: z.number().describe("Relative difference up to which numbers count as the same."),
    largestDifference: z.number().describe("The largest relative difference of two numbers that were compared."),
    seconds: z.number().describe("Seconds that it took."),
  })
  .meta({ id: "ReproductionReport", description: "What doing something again found, level by level." });

export const Reproduction = z
  .object({
    id: z.string().describe("Id."),
    run: z
      .object({ id: z.string().describe("Id of the run."), number: z.number().int().describe("Its number.") })
      .nullable()
      .describe("The run that is done again; null for a training dataset."),
    trainingDataset: z.string().nullable().describe("The training dataset that is made again; null for a run."),
    state: z.enum(["queued", "running", "done", "failed"]).describe("Where it stands."),
    progress: z.number().min(0).max(1).describe("Share that is done, 0 to 1."),
    message: z.string().describe("What is being done."),
    verdict: Verdict.nullable().describe("Null until it is done."),
    report: Report.nullable().describe("Null until it is done."),
    error: z.string().nullable().describe("Why it could not be carried out; null otherwise."),
    requestedBy: z.string().describe("Who asked for it."),
    requestedAt: Instant.describe("When."),
    finishedAt: Instant.nullable().describe("When it ended; null before."),
  })
  .meta({ id: "Reproduction", description: "A run or a training dataset, done again on what was recorded of it." });
export type Reproduction = z.output<typeof Reproduction>;

const tag = "reproductions";
const RunPath = z.object({ runId: z.uuid({ error: "expected the id of a run" }).describe("Id of a run.") });
const TrainingPath = z.object({ name: z.string().describe("Name of a training dataset.") });
const List = listOf(Reproduction, "reproductions").meta({ id: "ReproductionList", description: "The newest first." });

export const reproduceRun = operation({
  id: "reproduceRun",
  method: "POST",
  path: "/api/v1/runs/{runId}/reproductions",
  summary: "Queues a job that does a run again on the bytes, definitions and seeds that it recorded, and compares what comes out.",
  tag,
  params: RunPath,
  response: Reproduction,
  status: 201,
}); // prettier-ignore

export const listRunReproductions = operation({
  id: "listRunReproductions",
  method: "GET",
  path: "/api/v1/runs/{runId}/reproductions",
  summary: "Reproductions of a run, the newest first.",
  tag,
  params: RunPath,
  query: Page,
  response: List,
});

export const reproduceTrainingDataset = operation({
  id: "reproduceTrainingDataset",
  method: "POST",
  path: "/api/v1/training-datasets/{name}/reproductions",
  summary: "Queues a job that makes a training dataset again from its recipe and compares its rows.",
  tag,
  params: TrainingPath,
  query: WorkspaceQuery,
  response: Reproduction,
  status: 201,
});

export const listTrainingReproductions = operation({
  id: "listTrainingReproductions",
  method: "GET",
  path: "/api/v1/training-datasets/{name}/reproductions",
  summary: "Reproductions of a training dataset, the newest first.",
  tag,
  params: TrainingPath,
  query: WorkspaceQuery.extend(Page.shape),
  response: List,
});

export const getReproduction = operation({
  id: "getReproduction",
  method: "GET",
  path: "/api/v1/reproductions/{reproductionId}",
  summary: "One reproduction with its report.",
  tag,
  params: z.object({ reproductionId: z.uuid({ error: "expected the id of a reproduction" }).describe("Its id.") }),
  response: Reproduction,
});

import { prisma } from "@/lib/db/client";
import { log } from "@/lib/config/log";
import { type AbEvaluation, CreateAbTest } from "@/lib/contracts/ab-tests";
import { createExperiment as contract } from "@/lib/contracts/experiments";
import type { ExperimentOutcome } from "@/lib/domain/experiments/experiment";
import type { Principal } from "@/lib/domain/principal";
import { createAbTest } from "@/lib/registry/experiments/ab-test-create";
import { resultOf } from "@/lib/registry/experiments/ab-test-row";
import { createExperiment, decideExperiment } from "@/lib/registry/experiments/experiments";

const POLL_MS = 200;
/** A comparison takes seconds; this only ends the waiting when something is broken. */
const COMPARED_WITHIN_MS = 60_000;

interface Workspace {
  id: string;
  name: string;
}

interface SeededExperiment {
  author: Principal;
  title: string;
  hypothesis: string;
  metric: string;
  tags: string[];
  features: string[];
  stages: string[];
  variants: { name: string; description: string }[];
  decided?: { by: Principal; outcome: ExperimentOutcome; insight: string };
}

const BANDS = "Traffic bands instead of k-means segments";

/** The demo's experiments: one whose answer was no, with the figures of its own flights, and one that is open. */
export async function seedExperiments(
  workspace: Workspace,
  { ada, bram }: { ada: Principal; bram: Principal },
): Promise<void> {
  await ensureExperiment(workspace, {
    author: bram,
    title: "Weekend flights are late more often",
    hypothesis:
      "Leisure travel crowds the airports at the weekend, so telling weekend flights apart lets us warn more passengers of a late departure in time.",
    metric: "Share of flights that leave more than fifteen minutes late, at the weekend and on other days",
    tags: ["calendar", "delay"],
    features: ["flight.is_weekend", "flight.is_late"],
    stages: ["flight_calendar"],
    variants: [
      { name: "weekend or not", description: "flight.is_weekend alone" },
      { name: "day of the week", description: "flight.day_of_week, one value for each day" },
    ],
    decided: {
      by: ada,
      outcome: "invalidated",
      insight:
        "It is the other way round. From January to June 2001, 16.7 % of the flights left late on Saturdays and 18.4 % on Sundays, but 25.8 % on Fridays and 22.4 % on Thursdays. Weekend or not mixes the worst days with the best; flight.day_of_week says what there is to say.",
    },
  });
  await ensureExperiment(workspace, {
    author: ada,
    title: BANDS,
    hypothesis:
      "Passengers are warned of late departures at least as well when airports are grouped by their traffic as when they are clustered by behaviour, and planners can explain a band to an airline.",
    metric: "log loss of flight.late_probability on June; minimum difference 0.01",
    tags: ["segmentation", "model"],
    features: ["airport.segment", "flight.late_probability"],
    stages: ["airport_segments", "airport_bands"],
    variants: [
      { name: "k-means segments", description: "airport_segments: clustered by behaviour" },
      { name: "traffic bands", description: "airport_bands: quantiles of departures" },
    ],
  });
}

async function ensureExperiment(workspace: Workspace, { author, decided, ...said }: SeededExperiment): Promise<void> {
  const known = await prisma().experiment.findFirst({
    where: { workspaceId: workspace.id, title: said.title },
    select: { number: true, state: true },
  });
  const { number, state } =
    known ?? (await createExperiment(author, contract.body.parse({ workspace: workspace.name, ...said })));
  if (decided && state === "open") {
    const { by, ...decision } = decided;
    await decideExperiment(by, { workspace: workspace.name, number }, decision);
  }
}

const NAME = "segmentation_test";

/**
 * The two segmentations as an A/B test on real flights: of the deployments that write the same output, one on k-means segments
 * and one on traffic bands. Waits for the first comparison, so that the demo is ready with a verdict. Without two such
 * deployments there is nothing to do.
 */
export async function seedAbTest(
  workspace: Workspace,
  { ada }: { ada: Principal },
  signal: AbortSignal,
): Promise<void> {
  const known = await prisma().abTest.findUnique({
    where: { workspaceId_name: { workspaceId: workspace.id, name: NAME } },
    select: { id: true },
  });
  if (!known) {
    const [control, treatment] = await Promise.all([
      deploymentOn(workspace, "airport_segments"),
      deploymentOn(workspace, "airport_bands"),
    ]);
    if (!control || !treatment) return;
    const experiment = await prisma().experiment.findFirst({
      where: { workspaceId: workspace.id, title: BANDS, state: "open" },
      select: { number: true },
    });
    await createAbTest(
      ada,
      CreateAbTest.parse({
        workspace: workspace.name,
        name: NAME,
        output: "flight.late_probability",
        label: "flight.is_late",
        splitPolicy: "segments_ab",
        metric: "logLoss",
        minimumEffect: 0.01,
        arms: [
          { name: "control", deployment: control, parts: ["control"] },
          { name: "treatment", deployment: treatment, parts: ["treatment"] },
        ],
        experiment: experiment?.number ?? null,
      }),
    );
  }
  await waitUntilCompared(workspace, signal);
}

async function deploymentOn(workspace: Workspace, segmentation: string): Promise<string | undefined> {
  const deployments = await prisma().deployment.findMany({
    where: { workspaceId: workspace.id, state: { not: "retired" } },
    select: { name: true, variant: { select: { choice: true } } },
    orderBy: { createdAt: "asc" },
  });
  return deployments.find(({ variant }) => {
    const choice = variant.choice as Record<string, string>;
    return choice["airport.segment"] === segmentation && choice["flight.late_probability"] !== undefined;
  })?.name;
}

/** A comparison that fails or is late does not hold the demo up: the test's page says why, and it can be asked for again. */
async function waitUntilCompared(workspace: Workspace, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + COMPARED_WITHIN_MS;
  for (;;) {
    signal.throwIfAborted();
    const row = await prisma().abTest.findUniqueOrThrow({
      where: { workspaceId_name: { workspaceId: workspace.id, name: NAME } },
      select: { result: true },
    });
    const evaluation: AbEvaluation | null = resultOf(row).evaluation;
    if (evaluation === null || evaluation.state === "done") return;
    if (evaluation.state === "failed" || Date.now() > deadline) {
      log().warn({ evaluation }, "the demo's A/B test has no verdict");
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

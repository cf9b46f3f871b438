import { DomainError } from "@/lib/domain/errors";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import type { EngineWorld } from "@/lib/domain/runs/engine-support";
import type { Engine } from "../engine";
import { runOnSpark, type SparkRunner } from "./run-on-spark";
import { statementsOf } from "./statements-of";
import { whyUnsupported } from "./why-unsupported";

/**
 * Runs variants on Spark. Everything else is the local engine's: files are read, compared and profiled, rules measured and single rows
 * scored where they always are.
 * @param version of Spark, such as `4.2.0`
 */
export function createSparkEngine(runner: SparkRunner, version: string): Engine {
  return {
    ...runner.local,
    name: "spark",
    version: `spark ${version}`,
    format: "spark-ml",
    unsupported: (stages, world) => refusals(stages, world),
    async runVariant(plan, control) {
      const refused = await refusals(
        plan.instances.filter(({ values }) => !values).map(({ stage }) => stage),
        { entities: plan.entities, sources: plan.sources.map(({ definition }) => definition) },
      );
      if (refused.length > 0)
        throw new DomainError("unsupported", `The spark engine cannot run ${refused.map(({ stage, reason }) => `${stage}: ${reason}`).join(" ")}`); // prettier-ignore
      return runOnSpark(runner, plan, control);
    },
  };
}

async function refusals(stages: readonly StageDefinition[], world: EngineWorld) {
  return whyUnsupported(stages, world, await statementsOf(stages));
}

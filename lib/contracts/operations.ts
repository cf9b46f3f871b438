import * as abTests from "./ab-tests";
import * as audit from "./audit";
import * as backfills from "./backfills";
import * as changes from "./changes";
import * as conceptDrift from "./concept-drift";
import * as connections from "./connections";
import * as datasets from "./datasets";
import * as definitions from "./definitions";
import * as deployments from "./deployments";
import * as dive from "./dive";
import * as drift from "./drift";
import * as driftPreview from "./drift-preview";
import * as experiments from "./experiments";
import * as features from "./features";
import * as groups from "./groups";
import * as health from "./health";
import * as home from "./home";
import * as inspection from "./inspection";
import * as joins from "./joins";
import * as leakage from "./leakage";
import * as leakageFixes from "./leakage-fixes";
import * as leakageMeasurements from "./leakage-measurements";
import * as lineage from "./lineage";
import * as lineageColumns from "./lineage-columns";
import * as lineageHistory from "./lineage-history";
import * as lineageOverview from "./lineage-overview";
import * as lineagePaths from "./lineage-paths";
import * as modelComparison from "./model-comparison";
import * as models from "./models";
import * as monitors from "./monitors";
import * as notifications from "./notifications";
import * as openlineage from "./openlineage";
import type { Operation } from "./operation";
import * as outcomes from "./outcomes";
import * as overview from "./overviews";
import * as people from "./people";
import * as pipelines from "./pipelines";
import * as plans from "./plans";
import * as reproductions from "./reproductions";
import * as retention from "./retention";
import * as rules from "./rules";
import * as runs from "./runs";
import * as search from "./search";
import * as serving from "./serving";
import * as servingPredictions from "./serving-predictions";
import * as skew from "./skew";
import * as sources from "./sources";
import * as specs from "./specs";
import * as stageTests from "./stage-tests";
import * as stages from "./stages";
import * as tokens from "./tokens";
import * as trainingDatasets from "./training-datasets";
import * as usage from "./usage";
import * as evaluations from "./evaluations";
import * as views from "./views";
import * as workspaces from "./workspaces";

const contracts = {
  abTests, audit, backfills, changes, conceptDrift, connections, datasets, definitions, deployments, dive, drift, driftPreview, evaluations, experiments, features, groups, health, home, inspection, joins, leakage, leakageFixes, leakageMeasurements, lineage, lineageColumns, lineageHistory,
  lineageOverview, lineagePaths, modelComparison, models, monitors, notifications, openlineage, outcomes, overview, people, pipelines, plans, reproductions, retention, rules, runs, search,
  serving, servingPredictions, skew, sources, specs, stages, stageTests, tokens, trainingDatasets, usage, views, workspaces,
}; // prettier-ignore

function isOperation(value: unknown): value is Operation {
  return typeof value === "object" && value !== null && "method" in value && "path" in value && "response" in value;
}

/** Every operation of the API: whatever a contract exports is served, called and documented. */
export const operations: Operation[] = Object.values(contracts).flatMap((contract) =>
  Object.values(contract).filter(isOperation),
);

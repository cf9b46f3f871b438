/**
 * For tests: trips between shops, drawn from a seed, and stages with three forks: how a shop's traffic is counted (which
 * makes other rows), how shops are grouped, and which model says whether a trip is late. Estimators are on both sides.
 */
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import type { World } from "./make-plan.test-support";
import { seededRandom } from "@/lib/domain/statistics/seeded-random";
import type { SmallWorld } from "./small-world.test-support";

const TRIPS = 400;
const SHOPS = 7;
const HOURS = 24 * 20;

const trip: EntityDefinition = {
  kind: "Entity",
  name: "trip",
  joinKeys: [{ name: "id", type: "bigint" }],
  eventTime: "moment",
  relations: [{ name: "start", entity: "shop", by: "shop" }],
};
const shop: EntityDefinition = {
  kind: "Entity",
  name: "shop",
  joinKeys: [{ name: "code", type: "string" }],
  eventTime: "day",
};
const byTime: SplitPolicyDefinition = {
  kind: "SplitPolicy",
  name: "by_time",
  type: "time",
  column: "moment",
  parts: { train: [null, "2024-01-15"], test: ["2024-01-15", null] },
};

function stage(
  name: string,
  entity: string,
  rest: Partial<StageDefinition> & Pick<StageDefinition, "inputs" | "outputs">,
) {
  return { kind: "Stage" as const, name, entity, ...rest };
}

const trafficOutputs = [
  { column: "shop.trips", type: "bigint" as const },
  { column: "shop.amount_mean", type: "double" as const },
];
const traffic = (name: string, day: string) =>
  stage(name, "shop", {
    from: "trip",
    transformer: "sql",
    inputs: ["trip.shop", "trip.moment", "trip.amount"],
    outputs: trafficOutputs,
    params: {
      statement: `SELECT shop AS code, ${day} AS day, count(*) AS trips, avg(amount) AS amount_mean FROM __THIS__ WHERE shop IS NOT NULL GROUP BY ALL`,
    },
  });
const onTrain = { split: "by_time", parts: ["train"] };

const stages: StageDefinition[] = [
  traffic("traffic_daily", "CAST(moment AS DATE) + 1"),
  traffic("traffic_weekly", "CAST(date_trunc('week', moment) AS DATE) + 7"),
  stage("kinds", "shop", {
    from: "trip",
    transformer: "sql",
    inputs: ["trip.shop", "trip.moment", "trip.kind"],
    outputs: [{ column: "shop.kinds", type: "bigint" }],
    params: {
      statement:
        "SELECT shop AS code, CAST(moment AS DATE) + 1 AS day, count(DISTINCT kind) AS kinds FROM __THIS__ WHERE shop IS NOT NULL GROUP BY ALL",
    },
  }),
  stage("shop_fill", "shop", {
    estimator: "Imputer",
    inputs: ["shop.amount_mean"],
    outputs: [{ column: "shop.amount_filled", type: "double" }],
  }),
  // Over the rows that the shop has: other rows, other values.
  stage("shop_rank", "shop", {
    transformer: "sql",
    inputs: ["shop.trips"],
    outputs: [{ column: "shop.trips_so_far", type: "bigint" }],
    params: {
      statement:
        "SELECT *, CAST(sum(trips) OVER (PARTITION BY code ORDER BY day ROWS UNBOUNDED PRECEDING) AS BIGINT) AS trips_so_far FROM __THIS__",
    },
  }),
  stage("shop_vector", "shop", {
    transformer: "VectorAssembler",
    inputs: ["shop.trips", "shop.amount_filled"],
    outputs: [{ column: "shop.vector", type: "vector" }],
  }),
  stage("shop_scaler", "shop", {
    estimator: "StandardScaler",
    inputs: ["shop.vector"],
    outputs: [{ column: "shop.scaled", type: "vector" }],
    params: { withMean: true },
  }),
  stage("groups", "shop", {
    estimator: "KMeans",
    inputs: ["shop.scaled"],
    outputs: [{ column: "shop.segment", type: "string" }],
    params: { k: 3, seed: 3, labelPrefix: "group_" },
  }),
  stage("bands", "shop", {
    estimator: "QuantileDiscretizer",
    inputs: ["shop.trips_so_far"],
    outputs: [{ column: "shop.segment", type: "string" }],
    params: { numBuckets: 3, labelPrefix: "band_" },
  }),
  stage("trip_segment", "trip", {
    estimator: "StringIndexer",
    inputs: ["shop.segment"],
    outputs: [{ column: "trip.segment_index", type: "double" }],
    params: { handleInvalid: "keep" },
    fit: onTrain,
  }),
  stage("trip_shop", "trip", {
    transformer: "sql",
    inputs: ["shop.trips", "shop.kinds", "shop.size", "trip.amount"],
    outputs: [
      { column: "trip.shop_trips", type: "double" },
      { column: "trip.shop_kinds", type: "double" },
      { column: "trip.share", type: "double" },
    ],
    params: {
      statement: `SELECT *, CAST(coalesce("shop.trips", 0) AS DOUBLE) AS shop_trips, CAST(coalesce("shop.kinds", 0) AS DOUBLE) AS shop_kinds, coalesce(amount, 0) / "shop.size" AS share FROM __THIS__`,
    },
  }),
  stage("trip_vector", "trip", {
    transformer: "VectorAssembler",
    inputs: ["trip.segment_index", "trip.shop_trips", "trip.shop_kinds", "trip.share"],
    outputs: [{ column: "trip.vector", type: "vector" }],
    params: { handleInvalid: "skip" },
  }),
  stage("late_label", "trip", {
    transformer: "sql",
    inputs: ["trip.delay"],
    outputs: [{ column: "trip.is_late", type: "boolean" }],
    params: { statement: "SELECT *, delay > 10 AS is_late FROM __THIS__" },
  }),
  stage("late_logistic", "trip", {
    estimator: "LogisticRegression",
    inputs: ["trip.vector"],
    fitInputs: ["trip.is_late"],
    outputs: [{ column: "trip.late", type: "double" }],
    params: { regParam: 0.01 },
    fit: onTrain,
  }),
  stage("late_tree", "trip", {
    estimator: "DecisionTreeClassifier",
    inputs: ["trip.vector"],
    fitInputs: ["trip.is_late"],
    outputs: [{ column: "trip.late", type: "double" }],
    params: { maxDepth: 3, minInstancesPerNode: 5 },
    fit: onTrain,
  }),
];

/** Writes the sources and answers the catalogue. Eight variants lead to `trip.late`. */
export async function drawTrips(small: SmallWorld, seed: number): Promise<World> {
  const random = seededRandom(seed);
  const trips = Array.from({ length: TRIPS }, (_, id) => {
    const code = random() < 0.03 ? "NULL" : `'s${Math.floor(random() ** 2 * SHOPS)}'`;
    const hour = Math.floor(random() * HOURS);
    const amount = random() < 0.1 ? "NULL" : String(Math.round(random() * 10_000) / 100);
    const delay = Math.round(30 * random() - (code === "'s0'" ? 15 : 5) + hour / 100);
    return `(${id}, TIMESTAMP '2024-01-01' + to_hours(${hour}), ${code}, ${amount}::DOUBLE, 'k${Math.floor(random() * 4)}', ${delay})`;
  });
  const shops = Array.from({ length: SHOPS }, (_, i) => `('s${i}', ${i + 1})`);
  const source = (
    name: string,
    entity: string,
    location: string,
    columns: SourceDefinition["columns"],
    time?: string,
  ) => ({
    kind: "Source" as const,
    name,
    entity,
    format: "parquet" as const,
    location,
    columns,
    rowKey: [columns[0]?.name ?? ""],
    ...(time && { timeColumn: time }),
  });
  return {
    entities: [trip, shop],
    sources: [
      source(
        "trips",
        "trip",
        await small.write(
          `trips-${seed}.parquet`,
          `SELECT * FROM (VALUES ${trips.join(", ")}) t(id, moment, shop, amount, kind, delay)`,
        ),
        [
          { name: "id", type: "bigint" },
          { name: "moment", type: "timestamp" },
          { name: "shop", type: "string" },
          { name: "amount", type: "double" },
          { name: "kind", type: "string" },
          { name: "delay", type: "bigint" },
        ],
        "moment",
      ),
      source(
        "shops",
        "shop",
        await small.write(`shops-${seed}.parquet`, `SELECT * FROM (VALUES ${shops.join(", ")}) t(code, size)`),
        [
          { name: "code", type: "string" },
          { name: "size", type: "bigint" },
        ],
      ),
    ],
    stages,
    splits: [byTime],
  };
}

import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { FeatureDefinition } from "@/lib/domain/definitions/feature";
import type { FeatureViewDefinition } from "@/lib/domain/definitions/feature-view";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import type { StageDefinition } from "@/lib/domain/definitions/stage";

/**
 * What the fixture's workspace declares: the demo in small. Two entities, two strategies of airport.segment, two models of
 * flight.late_probability, one of which leaks.
 */
const DELAY = "delay-analytics";
const NETWORK = "network-planning";

export const ENTITIES: EntityDefinition[] = [
  {
    kind: "Entity",
    name: "flight",
    joinKeys: [{ name: "id", type: "bigint" }],
    eventTime: "date",
    relations: [{ name: "origin", entity: "airport", by: "origin" }],
    owner: DELAY,
    description: "One scheduled departure.",
  },
  {
    kind: "Entity",
    name: "airport",
    joinKeys: [{ name: "iata", type: "string" }],
    eventTime: "date",
    owner: NETWORK,
    description: "An airport on one day.",
  },
];

export const SOURCES: SourceDefinition[] = [
  {
    kind: "Source",
    name: "flights",
    entity: "flight",
    format: "parquet",
    location: "npm:vega-datasets/data/flights-3m.parquet",
    columns: [
      { name: "id", type: "bigint" },
      { name: "date", type: "timestamp" },
      { name: "delay", type: "bigint" },
      { name: "distance", type: "bigint" },
      { name: "origin", type: "string" },
    ],
    rowKey: ["id"],
    rowNumber: "id",
    timeColumn: "date",
    appendOnly: true,
    owner: DELAY,
    description: "On-time performance of US flights.",
    tags: ["raw"],
  },
  {
    kind: "Source",
    name: "airports",
    entity: "airport",
    format: "csv",
    location: "npm:vega-datasets/data/airports.csv",
    columns: [
      { name: "iata", type: "string" },
      { name: "city", type: "string" },
      { name: "latitude", type: "double" },
    ],
    rowKey: ["iata"],
    owner: NETWORK,
    description: "Names and positions of US airports.",
    tags: ["reference"],
  },
];

const sql = (statement: string) => ({ transformer: "sql", params: { statement } });

export const STAGES: StageDefinition[] = [
  {
    kind: "Stage",
    name: "airport_traffic",
    entity: "airport",
    from: "flight",
    ...sql("SELECT origin AS iata, count(*) AS departures_7d, avg(delay) AS delay_mean_7d FROM __THIS__ GROUP BY ALL"),
    inputs: ["flight.origin", "flight.date", "flight.delay"],
    outputs: [
      { column: "airport.departures_7d", type: "bigint" },
      { column: "airport.delay_mean_7d", type: "double" },
      { column: "airport.late_share_7d", type: "double" },
    ],
    owner: NETWORK,
    description: "Departures, delays and lateness of an airport over the seven days before.",
    tags: ["rolling"],
  },
  {
    kind: "Stage",
    name: "airport_profile",
    entity: "airport",
    transformer: "VectorAssembler",
    inputs: ["airport.departures_7d", "airport.delay_mean_7d", "airport.late_share_7d"],
    outputs: [{ column: "airport.profile", type: "vector" }],
    owner: NETWORK,
  },
  {
    kind: "Stage",
    name: "airport_scaler",
    entity: "airport",
    estimator: "StandardScaler",
    class: "statistic",
    inputs: ["airport.profile"],
    outputs: [{ column: "airport.profile_scaled", type: "vector" }],
    owner: NETWORK,
    description: "Brings traffic and delays to one scale.",
  },
  {
    kind: "Stage",
    name: "airport_segments",
    entity: "airport",
    estimator: "KMeans",
    class: "unsupervised",
    inputs: ["airport.profile_scaled"],
    outputs: [{ column: "airport.segment", type: "string" }],
    params: { k: 3, seed: 7, labelPrefix: "segment_" },
    fit: { rows: "all" },
    owner: NETWORK,
    description: "Airports that behave alike, from rolling traffic and delay statistics.",
    tags: ["segmentation"],
  },
  {
    kind: "Stage",
    name: "airport_bands",
    entity: "airport",
    estimator: "QuantileDiscretizer",
    class: "unsupervised",
    inputs: ["airport.departures_7d"],
    outputs: [{ column: "airport.segment", type: "string" }],
    params: { numBuckets: 3, labelPrefix: "band_" },
    owner: NETWORK,
    description: "Airports in equal bands by departures of the last seven days.",
    tags: ["segmentation"],
  },
  {
    kind: "Stage",
    name: "flight_calendar",
    entity: "flight",
    ...sql("SELECT *, hour(date) AS hour, isodow(date) >= 6 AS is_weekend FROM __THIS__"),
    inputs: ["flight.date"],
    outputs: [
      { column: "flight.hour", type: "bigint" },
      { column: "flight.is_weekend", type: "boolean" },
    ],
    owner: DELAY,
    description: "When the flight is scheduled to leave.",
  },
  {
    kind: "Stage",
    name: "flight_route",
    entity: "flight",
    ...sql("SELECT *, CASE WHEN distance < 750 THEN 'short' ELSE 'long' END AS distance_band FROM __THIS__"),
    inputs: ["flight.distance"],
    outputs: [{ column: "flight.distance_band", type: "string" }],
    owner: DELAY,
  },
  {
    kind: "Stage",
    name: "flight_label",
    entity: "flight",
    ...sql("SELECT *, delay > 15 AS is_late FROM __THIS__"),
    inputs: ["flight.delay"],
    outputs: [{ column: "flight.is_late", type: "boolean" }],
    owner: DELAY,
  },
  {
    kind: "Stage",
    name: "flight_origin",
    entity: "flight",
    via: { airport: "origin" },
    ...sql(
      'SELECT *, "airport.delay_mean_7d" AS origin_delay_mean_7d, "airport.late_share_7d" AS origin_late_share_7d FROM __THIS__',
    ),
    inputs: ["airport.delay_mean_7d", "airport.late_share_7d"],
    outputs: [
      { column: "flight.origin_delay_mean_7d", type: "double" },
      { column: "flight.origin_late_share_7d", type: "double" },
    ],
    owner: DELAY,
    description: "How the airport of departure did in the seven days before the flight.",
  },
  {
    kind: "Stage",
    name: "flight_segment_index",
    entity: "flight",
    via: { airport: "origin" },
    estimator: "StringIndexer",
    class: "statistic",
    inputs: ["airport.segment"],
    outputs: [{ column: "flight.origin_segment_index", type: "double" }],
    owner: DELAY,
  },
  {
    kind: "Stage",
    name: "flight_vector",
    entity: "flight",
    transformer: "VectorAssembler",
    inputs: [
      "flight.hour",
      "flight.is_weekend",
      "flight.distance",
      "flight.origin_delay_mean_7d",
      "flight.origin_late_share_7d",
      "flight.origin_segment_index",
    ],
    outputs: [{ column: "flight.late_inputs", type: "vector" }],
    owner: DELAY,
  },
  {
    kind: "Stage",
    name: "late_logistic",
    entity: "flight",
    estimator: "LogisticRegression",
    class: "supervised",
    inputs: ["flight.late_inputs"],
    fitInputs: ["flight.is_late"],
    outputs: [{ column: "flight.late_probability", type: "double" }],
    params: { maxIter: 25 },
    cost: 2,
    owner: DELAY,
    description: "Probability that the flight is late, by logistic regression.",
  },
  {
    kind: "Stage",
    name: "late_tree",
    entity: "flight",
    estimator: "DecisionTreeClassifier",
    class: "supervised",
    inputs: ["flight.late_inputs"],
    fitInputs: ["flight.is_late"],
    outputs: [{ column: "flight.late_probability", type: "double" }],
    params: { maxDepth: 5 },
    cost: 3,
    owner: DELAY,
    description: "Probability that the flight is late, by a decision tree.",
  },
];

const feature = (
  name: string,
  type: FeatureDefinition["type"],
  owner: string,
  tags: string[],
  description: string,
  more: Partial<FeatureDefinition> = {},
): FeatureDefinition => ({ kind: "Feature", name, type, owner, tags, description, ...more });

/** Documented features. The other columns of sources and stages exist too, undocumented. */
export const FEATURES: FeatureDefinition[] = [
  feature("flight.delay", "bigint", DELAY, ["raw", "delay"], "Minutes after the scheduled arrival.", {
    unit: "minutes",
    expected: { min: -1440, max: 2880 },
  }),
  feature("flight.distance", "bigint", DELAY, ["raw", "route"], "Distance between the two airports.", {
    unit: "miles",
    expected: { min: 0, max: 6000 },
  }),
  feature("flight.origin", "string", DELAY, ["raw", "route"], "IATA code of the airport of departure."),
  feature("flight.hour", "bigint", DELAY, ["calendar"], "Hour of the scheduled departure in local time.", {
    unit: "hours",
    expected: { min: 0, max: 23 },
  }),
  feature("flight.is_weekend", "boolean", DELAY, ["calendar"], "Whether the flight leaves on a Saturday or Sunday."),
  feature("flight.distance_band", "string", DELAY, ["route"], "Route length in two bands.", {
    expected: { values: ["short", "long"] },
  }),
  feature("flight.is_late", "boolean", DELAY, ["label", "delay"], "Whether the delay exceeded fifteen minutes."),
  feature(
    "flight.origin_delay_mean_7d",
    "double",
    DELAY,
    ["rolling", "delay"],
    "Mean delay at the airport of departure in the seven days before the flight.",
    { unit: "minutes" },
  ),
  feature(
    "flight.origin_late_share_7d",
    "double",
    DELAY,
    ["rolling", "delay"],
    "Share of late flights at the airport of departure in the seven days before the flight.",
    { expected: { min: 0, max: 1 } },
  ),
  feature("flight.late_probability", "double", DELAY, ["model", "delay"], "Probability that the flight will be late.", {
    expected: { min: 0, max: 1 },
  }),
  feature("airport.city", "string", NETWORK, ["reference"], "The city that the airport serves."),
  feature("airport.latitude", "double", NETWORK, ["reference"], "Degrees north of the equator.", {
    deprecated: true,
    sensitivity: "internal",
  }),
  feature("airport.departures_7d", "bigint", NETWORK, ["rolling", "traffic"], "Departures in the seven days before.", {
    unit: "flights",
    expected: { min: 0 },
  }),
  feature(
    "airport.delay_mean_7d",
    "double",
    NETWORK,
    ["rolling", "delay"],
    "Mean delay of departures in the seven days before; missing without departures.",
    { unit: "minutes" },
  ),
  feature(
    "airport.late_share_7d",
    "double",
    NETWORK,
    ["rolling", "delay"],
    "Share of departures in the seven days before that were more than fifteen minutes late.",
    { expected: { min: 0, max: 1 } },
  ),
  feature(
    "airport.segment",
    "string",
    NETWORK,
    ["segmentation"],
    "The group of airports that this one behaves like. Two stages can write it, by k-means and by traffic bands.",
    { sensitivity: "internal" },
  ),
];

export const SPLITS: SplitPolicyDefinition[] = [
  {
    kind: "SplitPolicy",
    name: "by_month",
    type: "time",
    column: "date",
    parts: {
      train: [null, "2001-05-01T00:00:00Z"],
      validation: ["2001-05-01T00:00:00Z", "2001-06-01T00:00:00Z"],
      test: ["2001-06-01T00:00:00Z", null],
    },
    owner: DELAY,
    description: "Learn from January to April, tune on May, judge on June.",
  },
];

const pipeline = (name: string, model: string, pins: Record<string, string>): PipelineDefinition => ({
  kind: "Pipeline",
  name,
  outputs: ["flight.late_probability"],
  pins,
  fit: { split: "by_month", parts: ["train"] },
  evaluate: {
    split: "by_month",
    validation: ["validation"],
    test: ["test"],
    label: "flight.is_late",
    model,
    unit: ["id", "date"],
  },
  owner: DELAY,
});

export const PIPELINES: PipelineDefinition[] = [
  pipeline("late_departures", "late_model", {
    "airport.segment": "airport_segments",
    "flight.late_probability": "late_logistic",
  }),
  pipeline("late_departures_banded", "late_model_banded", {
    "airport.segment": "airport_bands",
    "flight.late_probability": "late_tree",
  }),
];

export const VIEWS: FeatureViewDefinition[] = [
  {
    kind: "FeatureView",
    name: "airport_stats",
    entity: "airport",
    features: ["airport.departures_7d", "airport.delay_mean_7d", "airport.segment"],
    ttlSeconds: 0,
    online: true,
    schedule: "0 3 * * *",
    owner: NETWORK,
    description: "What an airport did in the last seven days, and which segment it is in.",
  },
  {
    kind: "FeatureView",
    name: "flight_context",
    entity: "flight",
    features: ["flight.hour", "flight.is_weekend", "flight.distance"],
    ttlSeconds: 0,
    online: false,
    owner: DELAY,
    description: "What is known of a flight when it is scheduled.",
  },
];

export const SERVICE = {
  kind: "FeatureService" as const,
  name: "late_model_v1",
  features: ["airport_stats:departures_7d", "airport_stats:segment"],
  owner: DELAY,
  description: "What the first model of late departures reads about the airport.",
};

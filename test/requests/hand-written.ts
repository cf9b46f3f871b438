/** A request that is in order, for a route that needs more than its schema says: names that go with each other, or exist. */
export interface HandWritten {
  /** Id of the operation. */
  id: string;
  params?: Record<string, string>;
  query?: Record<string, string>;
  body: Record<string, unknown>;
}

const workspace = "flights";
const deployment = (pipeline: string): HandWritten => ({ id: "createDeployment", body: { workspace, pipeline } });

/** In an order in which each finds what those before it made. An administrator sends them before requests are generated. */
export const HAND_WRITTEN: readonly HandWritten[] = [
  {
    id: "applySpecs",
    body: {
      workspace,
      documents:
        "kind: SplitPolicy\nname: by_flight\ntype: hash\nalgo: md5-32\nkey: id\nsalt: fuzz\nbuckets: 100\nparts: { train: [[0, 50]], test: [[50, 100]] }\n",
    },
  },
  deployment("late_departures"),
  deployment("late_departures_banded"),
  {
    id: "createBackfill",
    params: { name: "late_departures", kind: "predict_staging" },
    query: { workspace },
    body: { from: "2001-01-01", to: "2001-02-01", chunkDays: 7 },
  },
  {
    id: "createAbTest",
    body: {
      workspace,
      name: "segments_or_bands",
      splitPolicy: "by_flight",
      metric: "auc",
      arms: [
        { name: "segments", deployment: "late_departures", parts: ["train"] },
        { name: "bands", deployment: "late_departures_banded", parts: ["test"] },
      ],
    },
  },
  {
    id: "createExperiment",
    body: {
      workspace,
      title: "Segments help",
      hypothesis: "Segments of airports say more of lateness than bands of their traffic.",
      metric: "auc of the test part",
    },
  },
  { id: "openChange", body: { workspace, model: "late_model", environment: "production" } },
  {
    id: "createNotificationChannel",
    body: { workspace, name: "hook", kind: "webhook", target: "https://hooks.example/t", events: ["alert.opened"] },
  },
  {
    id: "createConnection",
    body: { workspace, name: "warehouse", host: "db.example", database: "sales", user: "reader", password: "secret" },
  },
  { id: "testNotificationChannel", params: { name: "hook" }, body: { workspace } },
  {
    id: "invitePerson",
    body: { workspace, email: "grace@flights.example", name: "Grace", roles: ["viewer"] },
  },
  { id: "createToken", body: { workspace, name: "ci", roles: ["viewer"] } },
  { id: "createPipeline", body: { workspace, name: "reach", outputs: ["airport.segment"] } },
  { id: "createGroup", body: { workspace, name: "delay_analytics" } },
  {
    id: "previewPlan",
    body: {
      workspace,
      outputs: ["flight.late_probability"],
      specs:
        "kind: SplitPolicy\nname: by_flight\ntype: hash\nalgo: md5-32\nkey: id\nsalt: other\nbuckets: 100\nparts: { train: [[0, 50]], test: [[50, 100]] }\n",
    },
  },
  { id: "planLeakageFixes", body: { workspace, pipeline: "late_departures" } },
  { id: "previewDriftMetric", body: { metric: "psi", reference: [1, 2, 3, 4], current: [2, 3, 4, 5] } },
];

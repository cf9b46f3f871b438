import { ApiClient } from "./api-client";

/** Deliveries of half a year of 2001, in a workspace that runs in seconds: a run over the demo's flights takes most of a minute. */
export const PARCELS = { workspace: "parcels", dataset: "parcels", entity: "parcel" } as const;

const ROWS = 900;

/** Far and heavy parcels are late, mostly. */
const FILE = [
  "parcel_id,sent_at,kilometres,kilograms,late",
  ...Array.from({ length: ROWS }, (_, i) => {
    const kilometres = (i * 37) % 500;
    const kilograms = 1 + ((i * 11) % 30);
    const late = kilometres / 50 + kilograms / 3 + ((i * 7919) % 13) / 2 > 13;
    const sent = new Date(Date.UTC(2001, 0, 1) + (i % 180) * 86_400_000).toISOString();
    return `${i + 1},${sent},${kilometres},${kilograms},${late}`;
  }),
].join("\n");

const pipeline = (name: string) => `
kind: Pipeline
name: ${name}
outputs: [parcel.late_probability]
fit: { split: by_month, parts: [train] }
evaluate:
  split: by_month
  validation: [validation]
  test: [test]
  label: parcel.late
  model: ${name}
  unit: [parcel_id, sent_at]
owner: post`;

const documents = (location: string) => `kind: Workspace
name: ${PARCELS.workspace}
title: Parcels
description: Deliveries of half a year.
defaultSplit: by_month
---
kind: Entity
name: parcel
joinKeys: [{ name: parcel_id, type: bigint }]
eventTime: sent_at
owner: post
description: One delivery.
---
kind: Source
name: ${PARCELS.dataset}
entity: parcel
format: csv
location: ${location}
columns:
  - { name: parcel_id, type: bigint }
  - { name: sent_at, type: timestamp }
  - { name: kilometres, type: bigint }
  - { name: kilograms, type: bigint }
  - { name: late, type: boolean }
rowKey: [parcel_id]
timeColumn: sent_at
owner: post
description: Deliveries.
---
kind: SplitPolicy
name: by_month
type: time
column: sent_at
parts:
  train: [null, "2001-05-01"]
  validation: ["2001-05-01", "2001-06-01"]
  test: ["2001-06-01", null]
owner: post
description: Learn until April, choose on May, judge on June.
---
kind: Stage
name: parcel_inputs
entity: parcel
transformer: VectorAssembler
inputs: [parcel.kilometres, parcel.kilograms]
outputs: [{ column: parcel.model_inputs, type: vector }]
owner: post
---
kind: Stage
name: parcel_scaled
entity: parcel
estimator: StandardScaler
inputs: [parcel.model_inputs]
outputs: [{ column: parcel.scaled_inputs, type: vector }]
owner: post
---
kind: Stage
name: late_logistic
entity: parcel
estimator: LogisticRegression
inputs: [parcel.scaled_inputs]
fitInputs: [parcel.late]
outputs: [{ column: parcel.late_probability, type: double }]
owner: post
---
{ kind: Feature, name: parcel.late_probability, type: double, owner: post, description: Probability of a late delivery. }
---${pipeline("late_parcels")}
`;

/**
 * Makes the workspace, gives people of the demo their roles in it, and runs `late_parcels` once, so that whatever fits the same on the
 * same rows is fitted already.
 */
export async function makeParcels(url: string, token: string, people: Record<string, string[]>): Promise<void> {
  const api = new ApiClient({ url, token });
  await api.post("/api/v1/specs/apply", { documents: [{ kind: "Workspace", name: PARCELS.workspace }] });
  const upload = await fetch(`${url}/api/v1/uploads?workspace=${PARCELS.workspace}&name=parcels.csv`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "text/csv" },
    body: FILE,
  });
  if (upload.status !== 201) throw new Error(`The upload answered ${upload.status}: ${await upload.text()}`);
  const { location } = (await upload.json()) as { location: string };
  await api.post("/api/v1/specs/apply", { documents: [{ file: "parcels.yaml", text: documents(location) }] });
  for (const [name, roles] of Object.entries(people))
    await api.post("/api/v1/people", {
      workspace: PARCELS.workspace,
      email: `${name.split(" ")[0]?.toLowerCase()}@flights.example`,
      name,
      roles,
    });
  const run = await api.run(PARCELS.workspace, "late_parcels");
  if (run.state !== "succeeded") throw new Error(`The run ended ${run.state}: ${JSON.stringify(run.error)}`);
}

/** Documents to begin with, by what somebody wants to declare. */

/** An entity that the documents are about. */
export interface StartingEntity {
  name: string;
  key: string;
}

const NEW_ENTITY: StartingEntity = { name: "customer", key: "customer_id" };

export const STARTS = [
  "sql-stage",
  "estimator",
  "pipeline",
  "split",
  "feature",
  "feature-view",
  "feature-service",
  "entity",
  "monitor",
  "model",
] as const;
export type Start = (typeof STARTS)[number];

interface Beginning {
  label: string;
  about: string;
  yaml(entity: StartingEntity): string;
}

const BEGINNINGS: Record<Start, Beginning> = {
  "sql-stage": {
    label: "Stage in SQL",
    about: "Columns from columns by a statement over __THIS__, the rows of the entity",
    yaml: ({ name }) => `kind: Stage
name: ${name}_doubled
entity: ${name}
transformer: sql
inputs: [${name}.amount]
outputs: [{ column: ${name}.amount_doubled, type: double }]
params:
  statement: SELECT *, amount * 2 AS amount_doubled FROM __THIS__
tests:
  - name: twice the amount
    rows: [{ amount: 1.5 }]
    expect: [{ amount_doubled: 3 }]
`,
  },
  estimator: {
    label: "Stage that learns",
    about: "An estimator, as Spark ML names it, fitted on the rows that a pipeline says",
    yaml: ({ name }) => `kind: Stage
name: ${name}_features
entity: ${name}
transformer: VectorAssembler
inputs: [${name}.amount, ${name}.visits]
outputs: [{ column: ${name}.model_features, type: vector }]
params: { handleInvalid: keep }
---
kind: Stage
name: ${name}_model
entity: ${name}
estimator: LogisticRegression
class: supervised
inputs: [${name}.model_features]
fitInputs: [${name}.is_returning]
outputs: [{ column: ${name}.probability, type: vector }]
params: { maxIter: 50, regParam: 0.001 }
`,
  },
  pipeline: {
    label: "Pipeline",
    about: "Wanted columns, the rows to fit on, and how the result is judged",
    yaml: ({ name, key }) => `kind: Pipeline
name: ${name}_returns
outputs: [${name}.probability]
fit: { split: by_${name}, parts: [train] }
evaluate:
  split: by_${name}
  test: [test]
  label: ${name}.is_returning
  model: ${name}_model
  unit: [${key}]
`,
  },
  split: {
    label: "Split policy",
    about: "Which rows train and which test: one key is always on one side",
    yaml: ({ name, key }) => `kind: SplitPolicy
name: by_${name}
type: hash
algo: md5-32
key: ${key}
salt: "1"
buckets: 100
parts: { train: [[0, 80]], test: [[80, 100]] }
`,
  },
  feature: {
    label: "Feature",
    about: "What people say of a column: meaning, owner, unit, expected range",
    yaml: ({ name }) => `kind: Feature
name: ${name}.amount
type: double
description: What was paid, in euros
owner: analytics
tags: [money]
unit: euros
`,
  },
  "feature-view": {
    label: "Feature view",
    about: "Features of one entity that are computed and served together",
    yaml: ({ name }) => `kind: FeatureView
name: ${name}_profile
entity: ${name}
features: [${name}.amount, ${name}.visits]
online: true
ttl: 7d
`,
  },
  "feature-service": {
    label: "Feature service",
    about: "The features that a model reads, in its order",
    yaml: ({ name }) => `kind: FeatureService
name: ${name}_service
features: ["${name}_profile:amount", "${name}_profile:visits"]
`,
  },
  entity: {
    label: "Entity",
    about: "What rows are about, with the keys that identify them",
    yaml: () => `kind: Entity
name: ${NEW_ENTITY.name}
joinKeys: [{ name: ${NEW_ENTITY.key}, type: bigint }]
`,
  },
  monitor: {
    label: "Monitor",
    about: "Watches whether features drift, and alerts",
    yaml: ({ name }) => `kind: Monitor
name: ${name}_drift
view: ${name}_profile
environment: production
reference: { part: train }
metric: psi
warn: 0.1
critical: 0.25
schedule: "0 7 * * *"
`,
  },
  model: {
    label: "Model",
    about: "What people say of a model: owner, intended use",
    yaml: ({ name }) => `kind: Model
name: ${name}_model
owner: analytics
intendedUse: Say what it is for, and what it is not for.
`,
  },
};

/** What can be declared, for a menu. */
export const STARTING_POINTS = STARTS.map((start) => ({ start, ...BEGINNINGS[start] }));

/** Documents to begin with, about an entity of the workspace, or one that does not exist yet. */
export function startingDocuments(start: Start, entity: StartingEntity | null = null): string {
  return BEGINNINGS[start].yaml(entity ?? NEW_ENTITY);
}

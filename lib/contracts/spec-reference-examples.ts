/** A document of each kind, by its title in docs/reference/documents.md; a test reads each as the product does. */
export const EXAMPLES: Readonly<Record<string, { about: string; yaml: string }>> = {
  Workspace: {
    about: "A team's own space: its objects, people and history.",
    yaml: `
kind: Workspace
name: flights
title: Flights of 2001
defaultSplit: by_month`,
  },
  Entity: {
    about: "What features are about, and how one is told from another.",
    yaml: `
kind: Entity
name: flight
joinKeys: [{ name: id, type: bigint }]
eventTime: date
relations: [{ name: origin, entity: airport, by: origin }]`,
  },
  Source: {
    about: "Data that comes in. Its columns are features of their entity; each state of its files is a version.",
    yaml: `
kind: Source
name: flights
entity: flight
format: csv
location: data/flights.csv
reading: { delimiter: ";", decimal: "," }
columns:
  - { name: id, type: bigint }
  - { name: date, type: timestamp }
  - { name: delay, type: double, from: DEP_DELAY, description: Minutes late }
rowKey: [id]
timeColumn: date
rules:
  - { type: expect_column_values_to_not_be_null, kwargs: { column: delay } }`,
  },
  Stage: {
    about: "One step of a pipeline: an operator of the [operator table](operators.md) from columns to columns.",
    yaml: `
kind: Stage
name: flight_hour
entity: flight
transformer: sql
inputs: [flight.date]
outputs: [{ column: flight.hour, type: bigint }]
params: { statement: "SELECT *, hour(date) AS hour FROM __THIS__" }
tests:
  - name: the hour of a departure
    rows: [{ date: "2001-01-01T06:30:00Z" }]
    expect: [{ hour: 6 }]`,
  },
  Feature: {
    about: "What people say of a column that a source or a stage writes.",
    yaml: `
kind: Feature
name: flight.delay
type: double
description: Minutes late at departure
owner: network
tags: [delay]
unit: minutes
expected: { min: -60, max: 1440 }`,
  },
  FeatureView: {
    about: "Features of one entity that are served together.",
    yaml: `
kind: FeatureView
name: airport_stats
entity: airport
features: [airport.segment, airport.departures_7d]
online: true
ttl: 7d
schedule: "0 6 * * *"`,
  },
  FeatureService: {
    about: "The features of a model, in its order.",
    yaml: `
kind: FeatureService
name: late_model_v1
features: ["airport_stats:segment", "airport_stats:departures_7d"]`,
  },
  "SplitPolicy, by time": {
    about: "Which rows train, validate and test: by the moment of the row.",
    yaml: `
kind: SplitPolicy
name: by_month
type: time
column: date
parts:
  train: [null, "2001-05-01"]
  test: ["2001-05-01", null]`,
  },
  "SplitPolicy, by hash": {
    about: "Which rows train, validate and test, or which arm of an A/B test serves: by a hash of a key.",
    yaml: `
kind: SplitPolicy
name: by_aircraft
type: hash
algo: md5-32
key: aircraft
salt: "1"
buckets: 100
parts: { train: [[0, 80]], test: [[80, 100]] }`,
  },
  "SplitPolicy, by group": {
    about:
      "A hash policy in shares: all rows of a group are in one part, in every dataset and version. A share is of the groups, so that the rows of each part are near it and not at it.",
    yaml: `
kind: SplitPolicy
name: by_household
type: group
key: household
salt: "1"
parts: { train: 0.7, validation: 0.1, test: 0.2 }`,
  },
  "SplitPolicy, at random": {
    about:
      "Rows of one source, drawn at random. The first run that reads a version of the source writes down which row is in which part, and every later one reads that; rows are told apart by the source's row key.",
    yaml: `
kind: SplitPolicy
name: drawn
type: random
source: flights
seed: 7
parts: { train: 0.6, validation: 0.2, test: 0.2 }`,
  },
  "SplitPolicy, stratified": {
    about:
      "The same, drawn within each value of a column: of every value, each part has its share of the rows, rounded up or down. Values with too few rows for every part are named.",
    yaml: `
kind: SplitPolicy
name: drawn_by_outcome
type: stratified
source: flights
stratify: is_late
seed: 7
parts: { train: 0.8, test: 0.2 }`,
  },
  "SplitPolicy, in folds": {
    about:
      "Parts fold_0, fold_1 … of equal shares, and `test` where a share is held out: by a hash of `key`, or of the rows of `source`, drawn by `seed` and stratified where `stratify` names a column.",
    yaml: `
kind: SplitPolicy
name: five_folds
type: kfold
folds: 5
test: 0.2
source: flights
stratify: is_late
seed: 7`,
  },
  Pipeline: {
    about: "Columns that are wanted, the rows to fit on, and how the result is judged.",
    yaml: `
kind: Pipeline
name: late_departures
outputs: [flight.late_probability]
fit: { split: by_month, parts: [train] }
evaluate:
  split: by_month
  test: [test]
  label: flight.is_late
  model: late_model
  unit: [id]`,
  },
  Model: {
    about: "What people say of a model. Its versions come from runs, or from a registry elsewhere.",
    yaml: `
kind: Model
name: late_model
owner: network
intendedUse: Staffing of gates a day ahead; not for claims of passengers.`,
  },
  "Monitor, of distributions": {
    about: "Watches whether features, or columns of a source, drift.",
    yaml: `
kind: Monitor
name: airport_traffic
view: airport_stats
environment: production
reference: { part: train }
metric: psi
warn: 0.1
critical: 0.25
schedule: "0 7 * * *"`,
  },
  "Monitor, of concept drift": {
    about: "Watches whether the predictions of a model come true as they did when it was evaluated.",
    yaml: `
kind: Monitor
name: late_model_outcomes
drift: concept
model: late_model
metric: log_loss
window: month
onAlert: { fit: late_daily }`,
  },
};

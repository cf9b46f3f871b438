/**
 * Every situation that people met with the product, and the tests that hold it: a title below is part of a test's in its file. A
 * situation whose tests are renamed or removed fails here. Not among them: how long a model of a thousand text columns takes, which no test judges. The situations with inputs have them, unchanged, in test/fixtures.
 */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

interface Case {
  situation: string;
  /** Below test/fixtures. */
  inputs?: string[];
  /** File → parts of the titles of its tests, or of the rows of its tables. */
  held: Record<string, string[]>;
}

const FILES = "lib/engines/local/source-files.test.ts";
const END_TO_END = "test/cases/end-to-end.test.ts";
const TARGET = "lib/jobs/run/evaluation-target.test.ts";
const VIEWS = "test/view-values.test.ts";
const source = (...names: string[]) => names.map((name) => `source-files/${name}`);

const CASES: Case[] = [
  { situation: "a model fitted on all rows and tested on some of them", inputs: ["specs/own-test-rows.yaml", "cancer.parquet"], held: { [TARGET]: ["is fitted on its own test rows: a critical leak", "are told when the pipeline is planned"] } },
  { situation: "the same outputs in another order", inputs: ["specs/outputs-order.yaml"], held: { [TARGET]: ["is the prediction of the label, in whatever order the outputs are listed"] } },
  { situation: "a split policy is edited between two runs", held: { "test/installation/edit-and-run.test.ts": ["a boundary of a split policy", "what a run does, and what is said of the past", "says of every version what it was trained and tested on then"] } },
  { situation: "a label that is a number, or has three classes", inputs: ["specs/regression.yaml", "specs/multiclass.yaml", ...source("penguins.csv")], held: { [END_TO_END]: ["of three species is judged by its classes, and one of their mass by its errors", "that is a label of integers and is split by time has metrics of its kind, and a version"], "lib/jobs/run/evaluation-tasks.test.ts": ["of three classes is judged by its classes", "of a number is judged by its errors"] } },
  { situation: "times with a UTC offset in CSV", inputs: [...source("off.csv", "01-csv-offset.csv", "joff.json"), "cases/01-csv-offset.yaml"], held: { [FILES]: ["are the instants that they say", '"offsets in CSV"', "reads %s in zone %s"], [END_TO_END]: ["with offsets sees the instants"] } },
  { situation: "1.5 and 2.7 in a bigint column of a CSV", inputs: source("fl2i.csv"), held: { [FILES]: ["is refused with file, column, row, value and how many"] } },
  { situation: "a message with a NUL byte; UTF-16 named or marked", inputs: source("utf16.csv"), held: { "lib/jobs/materialise.test.ts": ["is marked failed whatever its message holds", "is given up when five workers died of it"], [FILES]: ["reads UTF-16 of both byte orders, with a mark or by name"] } },
  { situation: "files that people have, in the forms of today", inputs: source("na.csv", "na_null.csv", "semi.csv", "thousands.csv", "currency.csv", "latin1.csv", "ddmmyyyy.csv", "mdy.csv", "mixeddates.csv", "epoch.csv", "gz.csv.gz", "noheader.csv", "ragged.csv", "nd.json", "nd_epoch.json", "jms.json", "jmixed.json.gz", "flagint8.parquet", "dec38.parquet", "time.parquet", "names.parquet", "nested.parquet", "f.feather", "hive/region=eu/6ffd00ea6d2d40f19280a4f3b85d4b38-0.parquet", "hive/region=us/6ffd00ea6d2d40f19280a4f3b85d4b38-0.parquet"), held: { [FILES]: ["%s read with %o", "takes NA as missing in numbers, says so", "refuses %s without a setting, and says which", "finds n/a in JSON after 25,000 numbers", "reads folders, patterns and Hive partitions", "keeps every value of an Arrow file", "%o of %s", "milliseconds in JSON"] } },
  { situation: "the newest row of a key lies in the future", inputs: source("02-future-row.csv"), held: { "lib/jobs/materialise.test.ts": ["is the newest row of a key that is not after now"], [END_TO_END]: ["without a time or of the future are never served as something else"] } },
  { situation: "vector and strings features", inputs: ["list-features.yaml"], held: { [VIEWS]: ["are written, profiled as lists and served"] } },
  { situation: "source columns in an online view", held: { [VIEWS]: ["go online once they are declared, and again with every new version of the data"] } },
  { situation: "integers beyond 2^53 in YAML and JSON", inputs: ["04-big-integer-leakage.json", "04-big-integer-rule.yaml"], held: { "lib/contracts/leakage.test.ts": ["04-big-integer-leakage.json"], "lib/contracts/spec-documents.test.ts": ["04-big-integer-rule.yaml"], "lib/engines/local/rules/measure-rules.test.ts": ["04-big-integer-rule.yaml"], [END_TO_END]: ["of 64-bit integers beyond 2^53 are told apart"] } },
  { situation: "SQL whose sources are missed or invented", inputs: ["05-lineage-lost.json", "06-lineage-false-edges.json"], held: { "lib/sql/statements.test.ts": ["link an output to all that it needs, and to nothing else", "names whatever changes it"] } },
  { situation: "a WITH name that shadows a real table or path in another scope", held: { "lib/sql/statements.test-support.ts": ["a WITH name of another scope", "a WITH name of an inner query, outside"] } },
  { situation: "a look-ahead, which RE2 lacks; an error of a rule", inputs: ["regex-suite.json"], held: { "lib/domain/rules/re2.test.ts": ["regex-suite.json"], "lib/jobs/check-rules.test.ts": ["that cannot be run neither quarantine data nor release them"] } },
  { situation: "a monitor on a source", inputs: ["cases/08-monitor-on-source.yaml"], held: { [END_TO_END]: ["judges neither the key of the rows nor their time"] } },
  { situation: "invalid schedules; a view's schedule", inputs: ["cases/09-cron.yaml"], held: { [END_TO_END]: ["are refused by the plan, of a monitor and of a view"], [VIEWS]: ["computes what is missing and puts it online, once for all callers"] } },
  { situation: "+00:00 in a body", inputs: ["requests/offset-instant.json"], held: { "lib/contracts/operation.test.ts": ["offset-instant.json"] } },
  { situation: "microseconds, also before 1970", inputs: source("11-microseconds.csv"), held: { [FILES]: ["microseconds, also before 1970"], "lib/jobs/materialise.test.ts": ["with its microseconds"] } },
  { situation: "a new source without rules", inputs: ["cases/13-source-without-rules.yaml"], held: { [END_TO_END]: ["is profiled when it is declared"] } },
  { situation: "one key above 1,978 bytes", inputs: ["cases/14-long-key.sql"], held: { [END_TO_END]: ["that are too long for the store are served like the others, and named"], "lib/online/lmdb-store.test.ts": ["serves a key of any length"] } },
  { situation: "duplicate key, null key, null time", inputs: source("15-row-key.csv"), held: { [FILES]: ["counts repeated and missing ones"], [END_TO_END]: ["that are missing, repeated, without a time"] } },
  { situation: "SQL that cannot run, and a statement that ends in a comment", inputs: ["16-bad-sql.yaml"], held: { "lib/registry/specs/statements.test.ts": ["16-bad-sql.yaml"], [END_TO_END]: ["a comment at its end", "a semicolon and a comment"] } },
  { situation: "metric names of monitors in the preview of drift", held: { "test/drift-preview.test.ts": ["has the metric names of monitors"] } },
  { situation: "OneHotEncoder after StringIndexer(keep)", held: { "lib/engines/local/operators.test.ts": ["gives values that were not there at the fit a category of their own"] } },
]; // prettier-ignore

describe("a situation that people met is held by tests", () => {
  it.each(CASES)("$situation", ({ inputs = [], held }) => {
    for (const input of inputs) expect([input, existsSync(`test/fixtures/${input}`)]).toEqual([input, true]);
    for (const [file, titles] of Object.entries(held)) {
      const text = readFileSync(file, "utf8");
      for (const title of titles) expect(text.includes(title), `${file} has no test «${title}»`).toBe(true);
    }
  });
});

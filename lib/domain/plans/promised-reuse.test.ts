import { describe, expect, it } from "vitest";
import type { FitBasis } from "./fit-basis";
import { explainBrokenPromise, type FoundReuse, type PromisedReuse } from "./promised-reuse";

const basis: FitBasis = {
  stage: "stage",
  signature: "signature",
  rows: [],
  split: null,
  sources: { flights: { version: 2, digest: "declared" } },
  entities: {},
  fits: {},
};
const found: FoundReuse = { fingerprint: "same", basis, files: [], columns: ["a.x", "a.y"] };
const promise = (kind: PromisedReuse["kind"]): PromisedReuse => ({ kind, run: 7, fingerprint: "same", basis });
const file = (seconds: number | null, ...columns: string[]) => ({
  seconds,
  columns: new Map(columns.map((column) => [column, column])),
});
const newer = { ...basis, sources: { flights: { version: 3, digest: "declared" } } };
const redeclared = { ...basis, sources: { flights: { version: 2, digest: "another" } } };
const refitted = {
  ...basis,
  split: { policy: "by_month", version: 1, parts: ["train"], digest: "policy" },
};

describe("why a promised reuse did not happen", () => {
  it.each<[string, PromisedReuse["kind"], Partial<FoundReuse>, RegExp]>([
    [
      "a newer source",
      "materialised",
      { fingerprint: "other", basis: newer },
      /run 7.*flights@3 is read, not flights@2/,
    ],
    [
      "another definition",
      "fitted",
      { fingerprint: "other", basis: redeclared },
      /fit of run 7.*declared in another way/,
    ],
    [
      "a forced refit",
      "fitted",
      { fingerprint: "other", basis: refitted },
      /fitted on a part of by_month, not on all rows/,
    ],
    ["no fit any more", "fitted", {}, /fit of run 7, which the registry no longer has\./],
    ["files gone", "materialised", {}, /no longer on disk/],
    ["columns missing", "materialised", { files: [file(1, "a.x")] }, /needs a\.y as well/],
    ["columns in several files", "materialised", { files: [file(1, "a.x"), file(1, "a.y")] }, /no single earlier file/],
    ["cheap stage", "materialised", { files: [file(0.01, "a.x", "a.y")] }, /quicker than reading them, 0\.01 s/],
  ])("%s", (_, kind, differs, sentence) => {
    expect(explainBrokenPromise(promise(kind), { ...found, ...differs })).toMatch(sentence);
  });
});

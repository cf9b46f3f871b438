import { describe, expect, it } from "vitest";
import { parseSpecs } from "@/lib/contracts/spec-documents";
import { STARTS, startingDocuments } from "./starting-documents";

describe("documents to begin with", () => {
  it.each(STARTS)("%s is read as it stands", (start) => {
    const { definitions, issues } = parseSpecs(startingDocuments(start, { name: "visit", key: "id" }));
    expect(issues).toEqual([]);
    expect(definitions.length).toBeGreaterThan(0);
  });
});

import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { FeatureDetail } from "@/lib/contracts/feature-detail";
import { snippetsFor } from "./snippets";

const feature = {
  name: "airport.segment",
  entity: "airport",
  joinKeys: [{ name: "iata", type: "string" }],
  eventTime: "date",
  exampleKeys: ["ATL", "O'Hare", "DFW"],
  pointers: [{ environment: "dev", version: 2, movedAt: "", movedBy: "" }],
  views: [{ view: "airport_stats", online: true, ttlSeconds: 0, reference: "airport_stats:segment", services: [] }],
  strategies: [],
  values: { path: "outputs/2/airport.parquet", column: "segment", dataset: "airport@x@1", rows: 1 },
} as unknown as FeatureDetail;
const codeOf = (of: FeatureDetail, id: string) =>
  snippetsFor(of, "http://host").find((snippet) => snippet.id === id)?.code ?? "";

describe("snippetsFor", () => {
  it("gives curl a body that survives the shell", () => {
    const curl = codeOf(feature, "curl").replace("curl -sS", "printf '%s\\n'");
    const args = execFileSync("sh", ["-c", curl], { env: { ...process.env, TRIBUTARY_TOKEN: "t0" } })
      .toString()
      .trim()
      .split("\n");
    expect(args).toContain("http://host/api/serving/get-online-features?environment=dev");
    expect(args).toContain("Authorization: Bearer t0");
    expect(JSON.parse(args.at(-1) as string)).toEqual({
      features: ["airport_stats:segment"],
      entities: { iata: ["ATL", "O'Hare"] },
    });
  });

  it("asks production without saying so", () => {
    const served = { ...feature, pointers: [{ ...feature.pointers[0], environment: "production" }] } as FeatureDetail;
    expect(codeOf(served, "python")).toContain('"http://host/api/serving/get-online-features",');
  });

  it("writes numeric keys as numbers", () => {
    const numeric = {
      ...feature,
      joinKeys: [{ name: "id", type: "bigint" }],
      exampleKeys: ["17", "18"],
    } as FeatureDetail;
    expect(codeOf(numeric, "typescript")).toContain("entities: { id: [17, 18] }");
  });

  it("selects keys, time and value offline", () => {
    expect(codeOf(feature, "sql")).toContain(
      "SELECT iata, date, segment\nFROM read_parquet('outputs/2/airport.parquet')",
    );
  });

  it("helps where nothing is served online", () => {
    const offline = { ...feature, views: [] } as FeatureDetail;
    expect(snippetsFor(offline, "http://host").map((snippet) => snippet.id)).toEqual(["sql", "view"]);
    expect(codeOf(offline, "view")).toContain("features: [airport.segment]");
  });
});

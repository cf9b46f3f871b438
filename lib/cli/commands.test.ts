import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { layMigratedRegistry } from "@/test/migrated-folder";
import { type Arguments, parseArguments } from "./arguments";
import { kindOf } from "./declared-objects";
import { runPipeline } from "./run-pipeline";
import { BINARY, programEnvironment, runCommand } from "./run-program.test-support";

const folder = mkdtempSync(path.join(tmpdir(), "tributary-commands-"));
const specs = path.join(folder, "specs");
const env = programEnvironment(folder);
const tributary = (...args: string[]) => runCommand(folder, args);

const edit = (file: string, change: (text: string) => string) => {
  const name = path.join(specs, file);
  writeFileSync(name, change(readFileSync(name, "utf8")));
};

beforeAll(async () => {
  cpSync("prisma/demo", specs, { recursive: true });
  await layMigratedRegistry(path.join(folder, "data"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the command line", () => {
  it.each([
    [["list"], /list needs --workspace NAME/],
    [["show", "Stage", "--workspace", "flights"], /show needs a name: tributary show KIND NAME/],
    [["destroy", "now", "--workspace", "flights"], /destroy takes no words; found now as well/],
    [["apply", "specs", "--out", "plan.json"], /--out belongs to plan/],
    [["plan", "specs", "--prune", "--target", "Stage/x"], /give one of them/],
    [
      ["run", "late", "--workspace", "flights", "--variant", "first"],
      /--variant must be a whole number from 0, not first/,
    ],
    [["run", "late", "--workspace", "flights", "--pin", "airport.segment"], /--pin must be COLUMN=STAGE/],
  ])("refuses %j", (args, said) => {
    expect(() => parseArguments(args)).toThrow(said);
  });

  it("refuses a search that cannot be read before it asks a server", async () => {
    const args = parseArguments(["run", "late", "--workspace", "flights", "--search", "{ metric: auc"]) as Arguments;
    await expect(runPipeline(args)).rejects.toThrow(/--search must be YAML or JSON/);
  });

  it("takes a kind in any spelling, and names the nearest", () => {
    expect(kindOf("feature-view")).toBe("FeatureView");
    expect(() => kindOf("Stages")).toThrow(/Did you mean Stage\?/);
  });
});

// Commands one after the other, each of which opens the registry.
describe("a registry from a shell", { timeout: 600_000 }, () => {
  it("validates without a registry, and names every error with its line", async () => {
    const valid = await tributary("validate", "specs");
    expect(valid).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ documents are valid\.\n$/) });
    writeFileSync(
      path.join(folder, "wrong.yaml"),
      "kind: Stage\nname: late\nentity: flight\ninputs: []\noutputs: []\n",
    );
    const wrong = await tributary("validate", "wrong.yaml");
    expect(wrong).toMatchObject({ code: 1, stdout: "" });
    expect(wrong.stderr).toMatch(/^error wrong\.yaml:5: outputs: .*is empty/m);
    expect(wrong.stderr).toContain("These documents cannot be applied.");
  });

  it("applies a target with all that it needs, and nothing else", async () => {
    const applied = await tributary("apply", "specs", "--target", "Stage/airport_traffic");
    expect(applied.code).toBe(0);
    expect(applied.stdout).toContain("+ Stage airport_traffic");
    expect(applied.stdout).toContain("+ Source flights");
    expect(applied.stdout).not.toContain("Pipeline");
    const none = await tributary("plan", "specs", "--target", "Stage/airport_trafic");
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining("no Stage airport_trafic") });
  });

  it("applies the plan that was written, once, and nothing when the registry has changed since", async () => {
    const planned = await tributary("plan", "specs", "--out", "plan.json");
    expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining("Written to plan.json") });
    // What is applied is what was planned, whatever becomes of the files.
    edit("stages-airport.yaml", (text) => text.replace("k: 5", "k: 6"));
    expect(await tributary("apply", "plan.json")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Applied"),
    });
    const stage = await tributary("show", "stage", "airport_segments", "--workspace", "flights");
    expect(stage).toMatchObject({ code: 0, stdout: expect.stringMatching(/^kind: Stage\nname: airport_segments\n/) });
    expect(stage.stdout).toContain("k: 5");
    const again = await tributary("apply", "plan.json");
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("Nothing was applied") });
    writeFileSync(path.join(folder, "broken.json"), '{\n  "tributaryPlan": 1 }');
    expect(await tributary("apply", "broken.json")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Plan again"),
    });
  });

  it("lists and shows what is declared", async () => {
    const stages = await tributary("list", "stage", "--workspace", "flights");
    expect(stages.stdout).toMatch(/^Stage airport_segments {2,}\S/m);
    expect(stages.stdout).toMatch(/\n\d+ Stages\n$/);
    const all = JSON.parse((await tributary("list", "--workspace", "flights", "--json")).stdout) as { kind: string }[];
    expect(new Set(all.map(({ kind }) => kind)).size).toBeGreaterThan(6);
    const near = await tributary("show", "Stage", "airport_segment", "--workspace", "flights");
    expect(near).toMatchObject({ code: 1, stderr: expect.stringContaining("Did you mean airport_segments?") });
  });

  it.skipIf(spawnSync("script", ["--version"]).status !== 0)(
    "asks on a terminal before it applies, and applies only what was shown",
    async () => {
      const onTerminal = (answer: string) =>
        spawnSync("script", ["-qec", `${process.execPath} ${BINARY} apply specs`, "/dev/null"], {
          cwd: folder,
          env,
          input: `${answer}\n`,
          encoding: "utf8",
        });
      const refused = onTerminal("y");
      expect(refused.stdout).toMatch(/± Stage airport_segments[^]*Apply this\? Only yes does:/);
      expect(refused.stdout).toContain("Nothing was applied.");
      expect(refused.status).toBe(1);
      const agreed = onTerminal("yes");
      expect(agreed.stdout).toMatch(/Applied: 1 replaced/);
      expect(agreed.status).toBe(0);
    },
  );

  it("destroys what is declared only when it is told to", async () => {
    const asked = await tributary("destroy", "--workspace", "flights");
    expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining("say --yes") });
    const gone = await tributary("destroy", "--workspace", "flights", "--yes");
    expect(gone).toMatchObject({ code: 0, stdout: expect.stringMatching(/Applied: \d+ retired/) });
    const left = await tributary("list", "--workspace", "flights");
    expect(left.stdout).toMatch(/^Workspace flights\s[^]*1 object\n$/);
  });
});

describe("run", () => {
  it("starts a run on the server, follows its log to the end and answers with its state", async () => {
    const asked: { method: string; url: string; body: string }[] = [];
    let looks = 0;
    const state = () => (looks < 2 ? "running" : "failed");
    const run = () => ({
      id: "r1", number: 7, title: "late: flight.p", state: state(), rows: null, stages: 2, reused: 0, metrics: null,
      error: { code: "invalid", message: "Column x is gone." },
    }); // prettier-ignore
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const url = request.url ?? "";
      if (url === "/api/health/live") return void response.end("{}");
      asked.push({ method: request.method ?? "", url, body });
      if (url.startsWith("/api/v1/runs/r1/logs")) {
        const after = Number(/cursor=(\d+)/.exec(url)?.[1] ?? 0);
        const lines = Array.from({ length: looks }, (_, index) => ({
          id: String(index + 1), at: "2026-01-01T10:00:00Z", level: "info", message: `line ${index + 1}`,
        })); // prettier-ignore
        return void response.end(JSON.stringify({ items: lines.filter(({ id }) => Number(id) > after) }));
      }
      if (request.method === "GET") looks += 1;
      response.end(JSON.stringify(run()));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const ended = await tributary(
        "run",
        "late",
        "--workspace",
        "w",
        "--server",
        url,
        "--pin",
        "a.b=c",
        "--variant",
        "1",
        "--search",
        "{ metric: auc, params: { m: { regParam: [0, 0.1] } } }",
      );
      expect(ended.code).toBe(1);
      expect(ended.stdout).toBe(
        "Run 7: late: flight.p\n10:00:00 line 1\n10:00:00 line 2\nRun 7 failed: Column x is gone.\n",
      );
      expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
        workspace: "w",
        pipeline: "late",
        variant: 1,
        pins: { "a.b": "c" },
        search: { metric: "auc", params: { m: { regParam: [0, 0.1] } } },
      });
    } finally {
      server.close();
    }
  });

  it("says that a run needs a server", async () => {
    const alone = await tributary("run", "late", "--workspace", "flights");
    expect(alone).toMatchObject({ code: 1, stderr: expect.stringContaining("Start one with npm start") });
  });
});

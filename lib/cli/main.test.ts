import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand, runProgram } from "./run-program.test-support";

const folder = mkdtempSync(path.join(tmpdir(), "tributary-cli-"));
const specs = path.join(folder, "specs");

const tributary = (args: string[], environment?: Record<string, string>) => runCommand(folder, args, environment);

const edit = (file: string, change: (text: string) => string) => {
  const name = path.join(specs, file);
  writeFileSync(name, change(readFileSync(name, "utf8")));
};

beforeAll(() => cpSync("prisma/demo", specs, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("tributary", () => {
  it.each([
    [["--help"], 0, /Usage: tributary/, "stdout"],
    [["aply", "specs"], 2, /no command aply\. Did you mean apply\?/, "stderr"],
    [["plan"], 2, /plan needs a folder/, "stderr"],
    [["plan", "specs", "more"], 2, /one folder/, "stderr"],
    [["plan", "specs", "--prun"], 2, /Unknown option '--prun'/, "stderr"],
    [["export", "out"], 2, /needs --workspace/, "stderr"],
    [["plan", "nowhere"], 1, /There is no nowhere/, "stderr"],
    [["plan", "specs", "--server", "http://127.0.0.1:9"], 1, /No Tributary answers at/, "stderr"],
  ] as const)("%j ends with %i", async (args, code, text, stream) => {
    const outcome = await tributary([...args]);
    expect(outcome.code).toBe(code);
    expect(outcome[stream]).toMatch(text);
  });

  it("is a program that ends with the code of its command", async () => {
    expect(await runProgram(folder, ["--help"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Usage: tributary/),
    });
    expect(await runProgram(folder, ["aply"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Did you mean apply?"),
    });
  });

  // Commands one after the other, each of which opens the registry; the first is a process of its own.
  it(
    "plans, applies, exports and finds no difference, with the registry opened directly",
    { timeout: 300_000 },
    async () => {
      const planned = await runProgram(folder, ["plan", "specs", "--detailed-exitcode"]);
      expect(planned).toMatchObject({ code: 3, stdout: expect.stringContaining("Workspace flights (new)") });
      const applied = await tributary(["apply", "specs"]);
      expect(applied).toMatchObject({ code: 0, stdout: expect.stringMatching(/Applied: \d+ created, 0 unchanged\./) });
      expect(await tributary(["apply", "specs"])).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing to do") }); // prettier-ignore

      const exported = await tributary(["export", "out", "--workspace", "flights"]);
      expect(exported.code).toBe(0);
      expect(readdirSync(path.join(folder, "out"))).toContain("stages.yaml");
      const same = await tributary(["plan", "out", "--prune", "--json", "--detailed-exitcode"]);
      expect(same.code).toBe(0);
      expect(JSON.parse(same.stdout)).toMatchObject({ workspace: "flights", differences: [] });
      const onTop = await tributary(["export", "specs", "--workspace", "flights"]);
      expect(onTop).toMatchObject({ code: 1, stderr: expect.stringContaining("Export to an empty folder") });

      edit("stages-airport.yaml", (text) => text.replace("k: 5", "k: 6"));
      const changed = await tributary(["plan", "specs"], { FORCE_COLOR: "1" });
      expect(changed.stdout).toContain("\u001b[35m± Stage airport_segments");
      expect((await tributary(["plan", "specs"])).stdout).toMatch(
        /± Stage airport_segments {2}new version\n {6}params\.k: 5 → 6\n {6}read by: .*Pipeline late_departures/,
      );
    },
  );

  it("prints every error with file and line, and applies nothing", async () => {
    edit("stages-airport.yaml", (text) => text.replace("estimator: KMeans", "estimator: KMean"));
    edit("views.yaml", (text) => text.replace("ttl: 7d", "ttl: a week"));
    const failed = await tributary(["apply", "specs"]);
    expect(failed.code).toBe(1);
    const lines = failed.stderr.split("\n").filter((line) => line.startsWith("error "));
    expect(lines).toEqual([
      expect.stringMatching(/^error specs\/stages-airport\.yaml:\d+: estimator: .*Did you mean KMeans\? \(expected one of .*, found KMean\)$/), // prettier-ignore
      expect.stringMatching(/^error specs\/views\.yaml:\d+: ttl: FeatureView airport_recent: `ttl` is not a duration\. \(expected .*, found "a week"\)$/), // prettier-ignore
    ]);
    const asJson = await tributary(["plan", "specs", "--json"]);
    expect(asJson.code).toBe(1);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ code: "invalid", issues: [{}, {}] });
  });

  it("talks to a running server with a token, and says what the server says", async () => {
    const seen: { url: string; authorization: string | undefined; body: string }[] = [];
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      if (request.url === "/api/health/live") return void response.end("{}");
      seen.push({ url: request.url ?? "", authorization: request.headers.authorization, body });
      const allowed = request.headers.authorization === "Bearer secret";
      response.statusCode = allowed ? 200 : 401;
      response.end(
        JSON.stringify(
          allowed
            ? {
                workspace: "w",
                newWorkspace: false,
                differences: [],
                counts: { unchanged: 1 },
                unlisted: [],
                newGroups: [],
                warnings: [],
              }
            : { code: "unauthenticated", detail: "Nobody is signed in." },
        ),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    try {
      writeFileSync(path.join(folder, "one.json"), '[{ "kind": "Workspace", "name": "w" }]');
      const allowed = await tributary(["apply", "one.json", "--prune"], {
        TRIBUTARY_URL: url,
        TRIBUTARY_TOKEN: "secret",
      });
      expect(allowed).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing to do: 1 unchanged.") });
      expect(seen).toMatchObject([{ url: "/api/v1/specs/apply", authorization: "Bearer secret" }]);
      expect(JSON.parse(seen[0]?.body ?? "")).toMatchObject({ prune: true, documents: [{ file: "one.json" }] });
      const refused = await tributary(["plan", "one.json", "--server", url, "--token", "wrong"]);
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("Give a token with --token") });
    } finally {
      server.close();
    }
  });
});

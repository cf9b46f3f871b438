import { spawnSync } from "node:child_process";
import path from "node:path";
import { ensurePython, MLFLOW_REQUIREMENTS } from "../test/peers/python-environment";
import { becomeAdministrator } from "./support/measure-lineage";
import { OwnServer } from "./support/own-server";
import { makeParcels, PARCELS } from "./support/parcels";
import { expect, test } from "./support/test";

const server = new OwnServer("python-client");
test.afterAll(() => server.remove());

/** The interpreter with what the client needs, or why there is none. */
async function findPython(): Promise<{ python: string } | { unavailable: string }> {
  if (process.env.TRIBUTARY_PEERS !== "1") return { unavailable: "run with --peers, or with CI set" };
  try {
    return { python: await ensurePython(MLFLOW_REQUIREMENTS) };
  } catch (error) {
    return { unavailable: (error as Error).message };
  }
}

test("the Python client declares, runs, reads, freezes, predicts and logs on a portal", async ({ page }) => {
  test.setTimeout(600_000);
  const found = await findPython();
  test.skip("unavailable" in found, "unavailable" in found ? found.unavailable : "");
  const { url, stop } = await server.start({ demo: false });
  await becomeAdministrator(page, url);
  await makeParcels(url, server.token, {});
  const tests = spawnSync(
    "python" in found ? found.python : "",
    ["-m", "pytest", "-q", "--color=no", "-p", "no:cacheprovider", "tests/test_portal.py"],
    {
      cwd: path.resolve("clients/python"),
      encoding: "utf8",
      env: { ...process.env, PYTHONPATH: ".", PYTHONDONTWRITEBYTECODE: "1", TRIBUTARY_URL: url, TRIBUTARY_TOKEN: server.token, TRIBUTARY_WORKSPACE: PARCELS.workspace }, // prettier-ignore
    },
  );
  expect(tests.stdout + tests.stderr).toMatch(/\b7 passed\b/);
  expect(tests.status).toBe(0);
  expect(await stop()).toBe(0);
});

import path from "node:path";
import { expect, it } from "vitest";
import { mlflowPython, run } from "./python-environment";

const python = await mlflowPython();

it.skipIf(!python)("the Python client's own tests hold", () => {
  const said = run(python, ["-m", "pytest", "-q", "-p", "no:cacheprovider", path.resolve("clients/python/tests")], "", {
    PYTHONPATH: path.resolve("clients/python"),
    PYTHONDONTWRITEBYTECODE: "1",
    TRIBUTARY_URL: "",
  });
  expect(said).toMatch(/\d+ passed/);
});

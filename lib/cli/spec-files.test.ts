import { expect, it } from "vitest";
import { parseSpecs } from "@/lib/contracts/spec-documents";
import { withSchema } from "./spec-files";

const FILES = [{ file: "models.yaml", text: "kind: Model\nname: late_model\n" }];

it("tells editors where the schema of exported files is, and reads them back as they were", () => {
  const [exported] = withSchema(FILES, "https://tributary.example/");
  expect(exported?.text).toBe(
    "# yaml-language-server: $schema=https://tributary.example/api/document-schema.json\nkind: Model\nname: late_model\n",
  );
  expect(parseSpecs(exported ? [exported] : []).definitions.map(({ definition }) => definition)).toEqual(
    parseSpecs(FILES).definitions.map(({ definition }) => definition),
  );
});

it("leaves files as they are where no portal is known, and JSON, which has no comments", () => {
  expect(withSchema(FILES, null)).toEqual(FILES);
  const json = [{ file: "models.json", text: "[]" }];
  expect(withSchema(json, "https://tributary.example")).toEqual(json);
});

/** Writes the pages of docs/ that are made from the code; tests compare each with its file. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format, resolveConfig } from "prettier";
import { configurationPage } from "../lib/config/configuration-page";
import { referenceFiles } from "../lib/contracts/spec-reference-pages";

for (const [file, text] of Object.entries({ "docs/configuration.md": configurationPage(), ...referenceFiles() })) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}

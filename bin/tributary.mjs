#!/usr/bin/env node
// In a checkout the program is bundled when its sources changed; a package has it as it was packed.
import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const sources = new URL("scripts/programs.mjs", root);
if (existsSync(sources)) await (await import(sources.href)).ensurePrograms();
process.setSourceMapsEnabled(true);
// The data folder belongs to the installation, as for `npm start`, not to the folder with the specs.
process.env.TRIBUTARY_DATA ||= fileURLToPath(new URL(".tributary", root));

const { main } = await import(new URL("dist/cli.mjs", root).href);
process.exitCode = await main(process.argv.slice(2));

#!/usr/bin/env node
// The product is TypeScript that Node runs through tsx, with this installation's own tsconfig wherever the caller stands.
import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";

const root = new URL("../", import.meta.url);
register({ tsconfig: fileURLToPath(new URL("tsconfig.json", root)) });
// The data folder belongs to the installation, as for `npm start`, not to the folder with the specs.
process.env.TRIBUTARY_DATA ||= fileURLToPath(new URL(".tributary", root));

const { main } = await import(new URL("lib/cli/main.ts", root).href);
process.exitCode = await main(process.argv.slice(2));

/** Writes docs/configuration.md from the schema that parses the environment; a test compares the two. */
import { writeFileSync } from "node:fs";
import { configurationPage } from "../lib/config/configuration-page";

writeFileSync("docs/configuration.md", configurationPage());

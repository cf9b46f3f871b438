import { createWriteStream } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { parse as parseYaml } from "yaml";
import type { TrainingDataset, TrainingDatasetSummary } from "@/lib/contracts/training-datasets";
import { DomainError } from "@/lib/domain/errors";
import { HISTORY_FORMATS, type HistoryFormat } from "@/lib/domain/joins/feature-history";
import { noSuchAction, type Outcome, performAt } from "./administration";
import { parseWords, UsageError } from "./arguments";
import type { Connection } from "./spec-registry";

const ACTIONS = ["list", "create", "show", "download"] as const;

type Server = Extract<Connection, { operator?: undefined }>;

/** Runs `tributary training-datasets …` and answers the exit code: 1 also for one that leaks when it is made. */
export async function keepTrainingDatasets(argv: string[]): Promise<number> {
  const asked = parse(argv);
  return performAt(asked.options, async (connection) => {
    if (!connection.call)
      throw new DomainError("unavailable", "Training datasets are made and read by a running Tributary, and none answers. Start it, or name it with --server."); // prettier-ignore
    return perform(connection, asked);
  });
}

async function perform(server: Server, asked: ReturnType<typeof parse>): Promise<Outcome> {
  const { action, name, workspace } = asked;
  const query = `workspace=${encodeURIComponent(workspace)}`;
  const path = (rest: string) => `/api/v1/training-datasets/${encodeURIComponent(name)}${rest}`;
  switch (action) {
    case "list": {
      const items: TrainingDatasetSummary[] = [];
      for (let cursor: string | null = ""; cursor !== null;) {
        const more: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
        const page: { items: TrainingDatasetSummary[]; nextCursor: string | null } = await server.call("GET", `/api/v1/training-datasets?${query}&limit=1000${more}`); // prettier-ignore
        items.push(...page.items);
        cursor = page.nextCursor;
      }
      return { json: items, lines: items.map(lineOf) };
    }
    case "show": {
      const found = await server.call<TrainingDataset>("GET", path(`?${query}`));
      return { json: found, lines: linesOf(found) };
    }
    case "create": {
      const { description } = asked;
      const body = { ...(await readRequest(asked.from)), workspace, name, ...(description !== undefined && { description }) }; // prettier-ignore
      const made = await server.call<TrainingDataset>("POST", "/api/v1/training-datasets", body);
      return { json: made, lines: linesOf(made), code: made.verdict === "leak" ? 1 : 0 };
    }
    case "download": {
      const { cached } = await server.call<TrainingDataset>("GET", path(`?${query}`));
      if (!cached) await server.call("POST", path(`/recompute?${query}`), {});
      const file = asked.out ?? `${name}.${asked.format}`;
      const response = await server.open("GET", path(`/rows?${query}&format=${asked.format}`));
      // A file that is there is whole.
      const aside = `${file}.part`;
      try {
        await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(aside));
        await rename(aside, file);
      } finally {
        await rm(aside, { force: true });
      }
      return { json: { file, recomputed: !cached }, lines: [`${cached ? "" : "Made the rows again. "}Wrote ${file}`] };
    }
  }
}

const lineOf = ({ name, rows, spine, features, verdict, cached }: TrainingDatasetSummary) =>
  `${name}  ${rows} rows of ${spine}  ${features} features  ${verdict ?? "not judged"}  ${cached ? "kept" : "not kept"}`;

function linesOf(found: TrainingDataset): string[] {
  const { recipe, parts, verdicts, contentDigest, recipeDigest } = found;
  return [
    lineOf(found),
    `content ${contentDigest}`,
    `recipe  ${recipeDigest}`,
    `as of   ${recipe.asOf}`,
    ...Object.entries(parts).map(([part, rows]) => `part    ${part || "(none)"}: ${rows} rows`),
    ...recipe.features.map(({ name, feature, version, view }) => {
      const verdict = verdicts.find((one) => one.name === name);
      return `${name}  ${feature} v${version} of ${view}  ${verdict ? [verdict.verdict, ...verdict.reasons].join(" ") : "not judged"}`;
    }),
  ];
}

/** What is asked for, as the API takes it, without workspace and name. YAML holds JSON. */
async function readRequest(file: string | undefined): Promise<Record<string, unknown>> {
  if (file === undefined) throw new UsageError("create needs --from FILE: what to make it from, as the API takes it.");
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new DomainError("not_found", `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`); // prettier-ignore
  });
  let request: unknown;
  try {
    request = parseYaml(text);
  } catch (error) {
    throw new DomainError("invalid", `${file} is no YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof request !== "object" || request === null || Array.isArray(request))
    throw new DomainError("invalid", `${file} must hold one object with members such as spine, features and split.`);
  return request as Record<string, unknown>;
}

function parse(argv: string[]) {
  const { values, positionals } = parseWords(argv, {
    workspace: { type: "string" },
    from: { type: "string" },
    description: { type: "string" },
    format: { type: "string", default: "parquet" },
    out: { type: "string" },
    server: { type: "string" },
    token: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const [word = "", ...words] = positionals;
  const action = ACTIONS.find((one) => one === word);
  if (!action) throw noSuchAction("training-datasets", word, ACTIONS);
  if (words.length !== (action === "list" ? 0 : 1))
    throw new UsageError(`Expected tributary training-datasets ${action}${action === "list" ? "" : " NAME"}`);
  if (values.workspace === undefined) throw new UsageError("--workspace NAME is missing.");
  const format = HISTORY_FORMATS.find((one): one is HistoryFormat => one === values.format);
  if (!format) throw new UsageError(`--format must be one of ${HISTORY_FORMATS.join(", ")}, not ${values.format}.`);
  if (action === "create" && values.from === undefined)
    throw new UsageError("create needs --from FILE: what to make it from, as the API takes it.");
  const { json, server, token, workspace, from, description, out } = values;
  return { action, name: words[0] ?? "", workspace, from, description, format, out, options: { json, server, token } };
}

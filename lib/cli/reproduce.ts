import type { Reproduction } from "@/lib/contracts/reproductions";
import type { RunSummary } from "@/lib/contracts/runs";
import { DomainError } from "@/lib/domain/errors";
import { type Outcome, performAt } from "./administration";
import { parseWords, UsageError } from "./arguments";
import type { Connection } from "./spec-registry";

type Server = Extract<Connection, { operator?: undefined }>;

const POLL_MS = 500;
const TRAINING = "training-dataset/";

/** Runs `tributary reproduce RUN`, follows it to its end and answers the exit code: 1 unless it is reproducible. */
export async function reproduce(argv: string[]): Promise<number> {
  const { subject, workspace, options } = parse(argv);
  return performAt(options, async (connection) => {
    if (!connection.call)
      throw new DomainError("unavailable", "Runs are done again by a running Tributary, and none answers. Start it, or name it with --server."); // prettier-ignore
    const path = await pathOf(connection, workspace, subject);
    const asked = await connection.call<Reproduction>("POST", path, {});
    return toOutcome(await follow(connection, asked));
  });
}

async function pathOf(server: Server, workspace: string, subject: string): Promise<string> {
  const query = `workspace=${encodeURIComponent(workspace)}`;
  if (subject.startsWith(TRAINING))
    return `/api/v1/training-datasets/${encodeURIComponent(subject.slice(TRAINING.length))}/reproductions?${query}`;
  const number = Number(subject);
  const { items } = await server.call<{ items: RunSummary[] }>("GET", `/api/v1/runs?${query}&q=${encodeURIComponent(`#${number}`)}`); // prettier-ignore
  const run = items.find((one) => one.number === number);
  if (!run) throw new DomainError("not_found", `There is no run ${number} in ${workspace}.`);
  return `/api/v1/runs/${run.id}/reproductions`;
}

async function follow(server: Server, asked: Reproduction): Promise<Reproduction> {
  let found = asked;
  while (found.state === "queued" || found.state === "running") {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    found = await server.call<Reproduction>("GET", `/api/v1/reproductions/${asked.id}`);
  }
  return found;
}

function toOutcome(found: Reproduction): Outcome {
  const { report, error } = found;
  if (!report) throw new DomainError("unavailable", `It could not be carried out: ${error ?? "nobody knows why"}`);
  const lines = report.levels.flatMap(({ name, state, findings }) => [
    `${name.padEnd(12)} ${state.replaceAll("_", " ")}`,
    ...findings.filter((finding) => finding.state !== "identical").map(({ text }) => `  ${text}`),
  ]);
  return {
    json: found,
    lines: [...lines, `${report.verdict}: ${report.summary}`],
    code: report.verdict === "REPRODUCIBLE" ? 0 : 1,
  };
}

function parse(argv: string[]) {
  const { values, positionals } = parseWords(argv, {
    workspace: { type: "string" },
    server: { type: "string" },
    token: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const [subject = "", ...others] = positionals;
  const isRun = /^#?\d{1,9}$/.test(subject);
  if (others.length > 0 || !(isRun || subject.length > TRAINING.length) || !(isRun || subject.startsWith(TRAINING)))
    throw new UsageError("Expected tributary reproduce RUN, its number, or tributary reproduce training-dataset/NAME.");
  const { workspace, json, server, token } = values;
  if (workspace === undefined) throw new UsageError("--workspace NAME is missing.");
  return { subject: subject.replace("#", ""), workspace, options: { json, server, token } };
}

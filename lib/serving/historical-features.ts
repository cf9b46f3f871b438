import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { environment as settings } from "@/lib/config/environment";
import { log } from "@/lib/config/log";
import { ownScratch } from "@/lib/config/scratch-folder";
import { actorIn, type Principal } from "@/lib/domain/principal";
import type { HistoryFormat } from "@/lib/domain/joins/feature-history";
import type { HistoricalFeaturesRequest } from "@/lib/contracts/serving";
import type { Engine } from "@/lib/engines/engine";
import { fewAtATime } from "@/lib/engines/few-at-a-time";
import type { Scope } from "@/lib/registry/scope";
import type { WireAnswer, WireRequest } from "./answer-request";
import { assertNamesDiffer } from "./assert-names-differ";
import { chooseState, environmentOf } from "./choose-state";
import { type GivenRows, readGivenRows, writeGivenSpine } from "./given-spine";
import { planHistory } from "./history-views";
import { parseHistoricalRequest } from "./parse-request";
import { historyStates } from "./serving-states";
import { findSourceSpine } from "./source-spine";
import { malformed, refused, toWireError } from "./wire-error";

/** Values in a file of a folder that whoever sends it removes. */
export interface HistoryAnswer {
  status: 200;
  file: string;
  folder: string;
  bytes: number;
  format: HistoryFormat;
}

/** More would be slow to write and slower to read as JSON. */
const MOST_JSON_ROWS = 100_000;

/** `POST /historical-features`. Views need not be online: values are read from the files that runs wrote. */
export async function answerHistoricalRequest(
  { principal, query, text }: Omit<WireRequest, "text"> & { text: () => Promise<string> },
  engine: Pick<Engine, "joinHistory">,
  signal?: AbortSignal,
): Promise<HistoryAnswer | WireAnswer> {
  let folder: string | undefined;
  try {
    if (!principal) throw refused(401, "Not authenticated. Send `Authorization: Bearer TOKEN`.");
    const request = parseHistoricalRequest(await text());
    const given = givenRowsOf(request);
    const environment = request.environment ?? environmentOf(principal, query);
    const state = chooseState(await historyStates.current(), principal, query, request, environment);
    const plan = await planHistory(scopeOf(principal, state), state, request, environment);
    const scratch = ownScratch(settings().TRIBUTARY_DATA);
    await mkdir(scratch, { recursive: true });
    folder = await mkdtemp(path.join(scratch, "history-"));
    const spine = given
      ? await writeGivenSpine(given, plan.keys, request.time, path.join(folder, "spine.json"))
      : await findSourceSpine(principal, state.workspace, request, plan.keys);
    assertNamesDiffer(
      spine.columns.map(({ name }) => name),
      plan.features,
      request.format,
    );
    assertNotTooMany(given?.rows ?? (spine.kind === "source" ? spine.snapshot.rows : 0), request.format);
    const { views, features } = plan;
    const output = { file: path.join(folder, `values.${request.format}`), format: request.format };
    const { bytes } = await fewAtATime(state.workspace, () =>
      engine.joinHistory({ spine, views, features, output }, signal),
    );
    return { status: 200, file: output.file, folder, bytes, format: request.format };
  } catch (error) {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    const known = toWireError(error);
    if (known) return { status: known.status, body: known.body };
    log().error({ err: error }, "historical features failed");
    return {
      status: 500,
      body: JSON.stringify({ detail: "The features could not be read. See the server's log for the reason." }),
    };
  }
}

function scopeOf(principal: Principal, { workspaceId, workspace }: { workspaceId: string; workspace: string }): Scope {
  const { requestId } = principal;
  return { actor: actorIn(principal, workspaceId), workspace: { id: workspaceId, name: workspace }, requestId };
}

/** The rows of a request; null where they are a source's. */
function givenRowsOf(request: HistoricalFeaturesRequest): GivenRows | null {
  const forms = (["entities", "spine", "source"] as const).filter((form) => request[form] !== undefined);
  if (forms.length !== 1)
    throw malformed([
      {
        type: forms.length === 0 ? "missing" : "value_error",
        loc: ["body", forms[1] ?? "entities"],
        msg: `Give the rows as one of entities, spine and source${forms.length > 1 ? `, not as ${forms.join(" and ")}` : ""}`,
      },
    ]);
  return request.source ? null : readGivenRows(request);
}

function assertNotTooMany(rows: number, format: HistoryFormat): void {
  const most = settings().TRIBUTARY_HISTORICAL_ROWS;
  const count = rows.toLocaleString("en");
  if (rows > most)
    throw refused(
      422,
      `The spine has ${count} rows, and one request is answered for at most ${most.toLocaleString("en")} (TRIBUTARY_HISTORICAL_ROWS). Ask for them in parts, such as by time.`,
    );
  if (format === "json" && rows > MOST_JSON_ROWS)
    throw refused(
      422,
      `The spine has ${count} rows, and JSON is for at most ${MOST_JSON_ROWS.toLocaleString("en")}. Ask with "format": "parquet", "arrow" or "csv".`,
    );
}

import type { MlflowConnection } from "./connection";
import { MlflowError } from "./mlflow-error";

/** Milliseconds for one call. Writing a large file takes longer than asking for a name. */
const TIMEOUT_MS = 15_000;
const UPLOAD_TIMEOUT_MS = 45_000;
const MOST_REASON = 300;
/** MLflow says that the call itself is wrong. Whatever is not here may pass: an outage, credentials, a proxy, a full disk. */
const REFUSALS = [400, 409, 413, 422];

export interface MlflowCall {
  /** The call's path after `/api/2.0/mlflow/`, such as `runs/create`. */
  call: string;
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  query?: Record<string, string>;
  body?: object;
  /** Ends the call before its time. */
  signal?: AbortSignal;
}

/** Calls the REST API and gives the answer's JSON. @throws MlflowError */
export async function callMlflow(connection: MlflowConnection, request: MlflowCall): Promise<unknown> {
  const { call, method = "POST", query, body, signal } = request;
  const address = `${connection.url}/api/2.0/mlflow/${call}${query ? `?${new URLSearchParams(query).toString()}` : ""}`;
  const text = await send(connection, call, address, {
    method,
    timeoutMs: TIMEOUT_MS,
    ...(signal && { signal }),
    ...(body && { body: JSON.stringify(body), contentType: "application/json" }),
  });
  try {
    return JSON.parse(text === "" ? "{}" : text) as unknown;
  } catch {
    throw new MlflowError(
      `${hostOf(connection)} answered ${call} with something else than JSON. Is MLFLOW_TRACKING_URI the address of an MLflow tracking server?`,
      { status: 200, code: null, isFinal: false },
    );
  }
}

/**
 * Writes one file through the server's artifact proxy, over one that is there.
 * @param path below the root of proxied artifacts, such as `1/RUN/artifacts/model/MLmodel`
 * @throws MlflowError
 */
export async function putArtifact(
  connection: MlflowConnection,
  path: string,
  text: string,
  signal?: AbortSignal,
): Promise<void> {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  await send(connection, `the artifact ${path}`, `${connection.url}/api/2.0/mlflow-artifacts/artifacts/${encoded}`, {
    method: "PUT",
    timeoutMs: UPLOAD_TIMEOUT_MS,
    body: text,
    contentType: "application/octet-stream",
    ...(signal && { signal }),
  });
}

async function send(
  connection: MlflowConnection,
  call: string,
  address: string,
  request: { method: string; timeoutMs: number; body?: string; contentType?: string; signal?: AbortSignal },
): Promise<string> {
  const { method, timeoutMs, body, contentType, signal } = request;
  const timeout = AbortSignal.timeout(timeoutMs);
  const answered = async () => {
    const response = await fetch(address, {
      method,
      headers: {
        accept: "application/json",
        ...(contentType && { "content-type": contentType }),
        ...(connection.authorization !== null && { authorization: connection.authorization }),
      },
      ...(body !== undefined && { body }),
      redirect: "manual",
      signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
    });
    return { response, text: await response.text() };
  };
  const { response, text } = await answered().catch((error: unknown) => {
    const why = timeout.aborted ? `no answer within ${timeoutMs / 1000} seconds` : reasonOf(error);
    throw new MlflowError(`${hostOf(connection)} did not answer ${call}: ${why}. It is tried again.`, {
      status: null,
      code: null,
      isFinal: false,
    });
  });
  if (response.ok) return text;
  throw refusal(connection, call, response.status, text);
}

function refusal(connection: MlflowConnection, call: string, status: number, text: string): MlflowError {
  const { error_code: code = null, message } = parsed(text);
  const secret = connection.authorization?.split(" ")[1];
  const said = (message ?? text).replace(/\s+/g, " ").trim();
  // A proxy may repeat what it was sent.
  const reason = (secret === undefined ? said : said.replaceAll(secret, "…")).slice(0, MOST_REASON);
  const what = `${hostOf(connection)} answered ${call} with ${status}${code ? ` ${code}` : ""}${reason ? `: ${reason}` : ""}`;
  const isFinal = REFUSALS.includes(status);
  return new MlflowError(`${what.replace(/\.$/, "")}. ${adviceFor(connection, status, code, isFinal)}`.trim(), {
    status,
    code,
    isFinal,
  });
}

function adviceFor({ authorization }: MlflowConnection, status: number, code: string | null, isFinal: boolean): string {
  if (status === 401 || status === 403)
    return authorization === null
      ? "Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, to an account that may write."
      : "Check that the account of MLFLOW_TRACKING_TOKEN or MLFLOW_TRACKING_USERNAME exists and may write.";
  if (status >= 300 && status < 400) return "Set MLFLOW_TRACKING_URI to the address that it redirects to.";
  if (status === 404 && code === null) return "Is MLFLOW_TRACKING_URI the address of an MLflow tracking server?";
  return isFinal ? "" : "It is tried again.";
}

function parsed(text: string): { error_code?: string; message?: string } {
  try {
    const body = JSON.parse(text) as { error_code?: unknown; message?: unknown } | null;
    return {
      ...(typeof body?.error_code === "string" && { error_code: body.error_code }),
      ...(typeof body?.message === "string" && { message: body.message }),
    };
  } catch {
    return {};
  }
}

const hostOf = ({ url }: MlflowConnection) => `MLflow at ${new URL(url).host}`;

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause !== error) return reasonOf(cause);
  return error instanceof Error ? error.message || error.name : String(error);
}

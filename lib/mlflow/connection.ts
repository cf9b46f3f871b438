import { environment } from "@/lib/config/environment";

/** A tracking server and how to be let in. */
export interface MlflowConnection {
  /** Without a slash at the end. */
  url: string;
  /** The `authorization` header; null without credentials. */
  authorization: string | null;
}

/**
 * The server that the settings name; null where none is set. A user name with a password goes before a token, as in MLflow's own
 * clients.
 */
export function mlflowConnection(): MlflowConnection | null {
  const {
    MLFLOW_TRACKING_URI: uri,
    MLFLOW_TRACKING_TOKEN: token,
    MLFLOW_TRACKING_USERNAME: user,
    MLFLOW_TRACKING_PASSWORD: password,
  } = environment();
  if (uri === undefined) return null;
  const basic = user !== undefined && password !== undefined ? `Basic ${toBase64(`${user}:${password}`)}` : null;
  return { url: uri.replace(/\/+$/, ""), authorization: basic ?? (token === undefined ? null : `Bearer ${token}`) };
}

const toBase64 = (text: string) => Buffer.from(text, "utf8").toString("base64");

import { environment } from "./environment";

/** The portal's address of a path, as somebody outside reaches it: for links in messages. */
export function publicUrl(path: string): string {
  const { NEXTAUTH_URL, HOST, PORT } = environment();
  const isEverywhere = HOST === "0.0.0.0" || HOST === "::";
  const host = isEverywhere ? "localhost" : HOST.includes(":") ? `[${HOST}]` : HOST;
  return new URL(path, NEXTAUTH_URL ?? `http://${host}:${PORT}`).href;
}

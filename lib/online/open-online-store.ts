import path from "node:path";
import { environment } from "@/lib/config/environment";
import { LmdbStore } from "./lmdb-store";
import type { OnlineStore } from "./online-store";

const holder = globalThis as typeof globalThis & { tributaryOnline?: OnlineStore };

/** The process's online store. */
export function onlineStore(): OnlineStore {
  return (holder.tributaryOnline ??= LmdbStore.open(path.join(environment().TRIBUTARY_DATA, "online")));
}

export async function closeOnlineStore(): Promise<void> {
  const store = holder.tributaryOnline;
  holder.tributaryOnline = undefined;
  await store?.close();
}

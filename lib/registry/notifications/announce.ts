import { publicUrl } from "@/lib/config/public-url";
import type { Transaction } from "@/lib/db/client";
import { type Channel, postMessages } from "@/lib/db/outbox";
import type { ChannelEvent, NoticePayload, TEST_EVENT } from "@/lib/domain/notifications/channel-events";

export interface Notice {
  event: ChannelEvent;
  /** Kind and name, such as `alert/12`: what is told about one object arrives in order. */
  object: string;
  /** Page of the portal that shows why, with its query. */
  path: string;
  /** One sentence. */
  summary: string;
  /** For programs; nothing secret. */
  data: Record<string, unknown>;
}

export interface ListeningChannel {
  id: string;
  kind: string;
  target: string;
  events: string[];
  workspace: string;
}

/**
 * Tells every active channel that wants it, in the transaction of the cause: the message exists if and only if the change does.
 * Takes one query when nobody listens.
 */
export async function announce(tx: Transaction, workspaceId: string, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  const events = [...new Set(notices.map(({ event }) => event))];
  // Locked against deletion, which would otherwise make the cause fail at its end.
  const channels = await tx.$queryRaw<ListeningChannel[]>`
    SELECT c."id", c."kind", c."target", c."events", w."name" AS "workspace"
    FROM "NotificationChannel" c JOIN "Workspace" w ON w."id" = c."workspaceId"
    WHERE c."workspaceId" = ${workspaceId} AND c."active" AND c."events" && ${events}::text[]
    ORDER BY c."id" FOR KEY SHARE OF c`;
  await postMessages(
    tx,
    notices.flatMap((notice) =>
      channels.flatMap((channel) =>
        channel.events.includes(notice.event) ? messagesOf(workspaceId, channel, notice) : [],
      ),
    ),
  );
}

/** One message for a webhook, one for each address of e-mail, so that each has its own attempts. */
export function messagesOf(
  workspaceId: string,
  channel: Omit<ListeningChannel, "events">,
  notice: Omit<Notice, "event"> & { event: ChannelEvent | typeof TEST_EVENT },
) {
  const { path, ...said } = notice;
  const separator = path.includes("?") ? "&" : "?";
  const payload: NoticePayload = {
    ...said,
    at: new Date().toISOString(),
    workspace: channel.workspace,
    url: publicUrl(`${path}${separator}workspace=${channel.workspace}`),
  };
  const targets = channel.kind === "email" ? channel.target.split(",") : [channel.target];
  return targets.map((target) => ({
    workspaceId,
    channel: channel.kind as Channel,
    channelId: channel.id,
    target,
    object: notice.object,
    payload,
  }));
}

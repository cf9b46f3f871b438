import type { NoticePayload } from "@/lib/domain/notifications/channel-events";

/** A section of Slack takes 3,000 characters. */
const MOST_CHARACTERS = 2000;

/** The notice as an incoming webhook of Slack takes it; Mattermost and others read `text`. */
export function slackMessage({ event, workspace, summary, url }: NoticePayload) {
  const text = escape(summary.slice(0, MOST_CHARACTERS));
  const link = `<${url.replaceAll(">", "%3E").replaceAll("|", "%7C")}|Open in Tributary>`;
  return {
    text: `${text} ${link}`,
    blocks: [
      { type: "section", text: { type: "mrkdwn", text } },
      { type: "context", elements: [{ type: "mrkdwn", text: `${escape(workspace)} · ${event} · ${link}` }] },
    ],
  };
}

/** Slack's three control characters: without this, a name could mention a whole channel. */
function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

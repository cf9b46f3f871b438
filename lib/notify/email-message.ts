import type { NoticePayload } from "@/lib/domain/notifications/channel-events";

const MOST_SUBJECT = 150;

export interface EmailMessage {
  subject: string;
  text: string;
  html: string;
}

/** The notice as an e-mail. What people named and wrote is text in all of it: no line break in the subject, no element in the HTML. */
export function emailMessage({ event, at, workspace, object, url, summary, data }: NoticePayload): EmailMessage {
  const facts = [
    ["Workspace", workspace],
    ["Event", event],
    ["About", object],
    ["When", `${at.slice(0, 16).replace("T", " ")} UTC`],
    ...Object.entries(data).flatMap(([name, value]): [string, string][] =>
      ["string", "number", "boolean"].includes(typeof value) && value !== "" ? [[inWords(name), String(value)]] : [],
    ),
  ] as [string, string][];
  return {
    subject: oneLine(`[${workspace}] ${summary}`).slice(0, MOST_SUBJECT),
    text: [summary, "", ...facts.map(([name, value]) => `${name}: ${value}`), "", url, ""].join("\n"),
    html: [
      `<p>${escapeHtml(summary)}</p>`,
      `<table>${facts
        .map(([name, value]) => `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(value)}</td></tr>`)
        .join("")}</table>`,
      `<p><a href="${escapeHtml(url)}">Open in Tributary</a></p>`,
    ].join("\n"),
  };
}

/** `approvedBy` → `Approved by`. */
function inWords(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Without control characters: a line break in a header begins the next one. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

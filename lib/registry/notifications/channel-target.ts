import { z } from "zod";
import { environment } from "@/lib/config/environment";
import { isLoopback } from "@/lib/config/loopback";
import { isPrivateAddress, mayCallPrivateAddresses } from "@/lib/config/private-address";
import { DomainError } from "@/lib/domain/errors";
import { isIP } from "node:net";

const MOST_ADDRESSES = 20;
const Email = z.email();

/**
 * A channel's target as it is kept. A name is resolved, and judged again, when something is sent to it.
 * @throws DomainError `invalid` saying what is wrong with it, or what the server lacks
 */
export function checkTarget(kind: string, target: string): string {
  return kind === "email" ? checkAddresses(target) : checkWebhook(target);
}

function checkWebhook(target: string): string {
  const url = URL.canParse(target) ? new URL(target) : null;
  if (!url || !["http:", "https:"].includes(url.protocol))
    throw wrong(
      "The target is not an address of the web.",
      "an address such as https://example.com/hooks/tributary",
      target,
    );
  if (url.username || url.password)
    throw wrong(
      "The target has a user name or password in it, which would show wherever the address does.",
      "an address without `user:password@`",
    );
  url.hash = "";
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if ((isLoopback(host) || (isIP(host) && isPrivateAddress(host))) && !mayCallPrivateAddresses())
    throw wrong(
      `${host} is an address of this machine or its network, which webhooks may not reach. Whoever runs the server can allow it with TRIBUTARY_PRIVATE_WEBHOOKS=1.`,
      "a public address",
    );
  return url.href;
}

function checkAddresses(target: string): string {
  const { SMTP_URL, SMTP_FROM } = environment();
  if (!SMTP_URL || !SMTP_FROM)
    throw wrong(
      `This server cannot send e-mail: ${!SMTP_URL ? "SMTP_URL" : "SMTP_FROM"} is not set. Set SMTP_URL to the mail server and SMTP_FROM to the sender, and start it again.`,
      "a webhook, or a server with a mail server",
    );
  const addresses = [...new Set(target.split(",").map((address) => address.trim()))].filter(Boolean);
  const bad = addresses.find((address) => !Email.safeParse(address).success);
  if (bad !== undefined || addresses.length === 0)
    throw wrong(
      "The target is not a list of e-mail addresses.",
      "addresses such as ann@example.com, separated by commas",
      bad ?? target,
    );
  if (addresses.length > MOST_ADDRESSES)
    throw wrong(
      `A channel has at most ${MOST_ADDRESSES} addresses; these are ${addresses.length}. Use a mailing list.`,
      `at most ${MOST_ADDRESSES}`,
    );
  return addresses.join(",");
}

function wrong(message: string, expected: string, found?: string): DomainError {
  return new DomainError("invalid", message, {
    issues: [{ path: ["target"], message, expected, ...(found !== undefined && { found }) }],
  });
}

/** What may stand in the audit log, which everybody keeps for ever: the path of a webhook can be its password, an address is a person's. */
export function describeTarget(kind: string, target: string): string {
  if (kind === "webhook") return new URL(target).origin;
  const count = target.split(",").length;
  return count === 1 ? "1 address" : `${count} addresses`;
}

import { lookup } from "node:dns";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isPrivateAddress, mayCallPrivateAddresses } from "@/lib/config/private-address";
import { Undeliverable } from "./deliver-messages";

const TIMEOUT_MS = 10_000;
const MOST_ANSWER_BYTES = 2000;

export interface Answer {
  status: number;
  statusText: string;
  /** The first characters of the body. */
  text: string;
}

/**
 * Posts to an address that a user gave. Private addresses are refused where they are not allowed: the address is judged that the
 * socket connects to, so that a name which resolves differently the second time gains nothing. No redirects, no proxies.
 * @throws Undeliverable for a refused address, Error when there is no answer in time
 */
export async function postGuarded(
  target: string,
  { body, headers, timeoutMs = TIMEOUT_MS }: { body: string; headers: Record<string, string>; timeoutMs?: number },
): Promise<Answer> {
  const url = new URL(target);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  // No name, no lookup: the address itself is judged here.
  if (isIP(host) && isPrivateAddress(host) && !mayCallPrivateAddresses()) throw refusal(host);
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const sent = request(
        url,
        { method: "POST", headers, agent: false, signal, ...(!mayCallPrivateAddresses() && { lookup: publicLookup }) },
        (response) => {
          let text = "";
          const answer = () =>
            resolve({ status: response.statusCode ?? 0, statusText: response.statusMessage ?? "", text });
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => {
            text = (text + chunk).slice(0, MOST_ANSWER_BYTES);
            if (text.length < MOST_ANSWER_BYTES) return;
            answer();
            response.destroy();
          });
          response.on("end", answer);
          response.on("error", reject);
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  } catch (error) {
    if (error instanceof Undeliverable) throw error;
    if (signal.aborted) throw new Error(`No answer within ${timeoutMs / 1000} seconds.`, { cause: error });
    throw new Error(`No answer: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message || error.name : String(error);
}

/** Resolves a name, and fails when any of its addresses is private. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const found = addresses?.find(({ address }) => isPrivateAddress(address));
    const [first] = addresses ?? [];
    if (error || !first) callback(error, "", 0);
    else if (found) callback(refusal(`${hostname} (${found.address})`), "", 0);
    else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

function refusal(what: string): Undeliverable {
  return new Undeliverable(
    `${what} is an address of this machine or its network, which webhooks may not reach. Whoever runs the server can allow it with TRIBUTARY_PRIVATE_WEBHOOKS=1.`,
  );
}

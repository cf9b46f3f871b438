import { isLoopback } from "@/lib/config/loopback";

/**
 * Whether a request was addressed to a loopback name. Listening on loopback is not enough: a foreign name that was made to
 * resolve to 127.0.0.1, or a proxy in front, leads others here.
 */
export function isAddressedToLoopback(header: (name: string) => string | null | undefined): boolean {
  const hosts = [header("host"), header("x-forwarded-host")].filter((host) => host !== null && host !== undefined);
  return hosts.length > 0 && hosts.every((host) => isLoopback(host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1")));
}

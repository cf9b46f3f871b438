import { BlockList, isIP } from "node:net";
import { environment } from "./environment";
import { isOnlyThisMachine } from "./only-this-machine";

/** Not of the public internet (IANA special-purpose registries): this machine, its network, cloud metadata, multicast. */
const V4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const;
/** Inside of 2000::/3, which is all that is public of IPv6: what carries an IPv4 address, or is for documentation. */
const V6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

const hidden = new BlockList();
for (const [network, prefix] of V4) hidden.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of V6) hidden.addSubnet(network, prefix, "ipv6");
const global = new BlockList();
global.addSubnet("2000::", 3, "ipv6");

/** Whether an IP address is not one of the public internet. What is no address counts as private. */
export function isPrivateAddress(address: string): boolean {
  const bare = address.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped) return isPrivateAddress(mapped);
  switch (isIP(bare)) {
    case 4:
      return hidden.check(bare, "ipv4");
    case 6:
      return !global.check(bare, "ipv6") || hidden.check(bare, "ipv6");
    default:
      return true;
  }
}

/**
 * Whether this server may call private addresses for its users: when told so, and where only its own machine reaches it, so
 * that whoever uses it could call them as well.
 */
export function mayCallPrivateAddresses(): boolean {
  return environment().TRIBUTARY_PRIVATE_WEBHOOKS || isOnlyThisMachine();
}

/** The same of the databases that connections go to. */
export function mayCallPrivateDatabases(): boolean {
  return environment().TRIBUTARY_PRIVATE_DATABASES || isOnlyThisMachine();
}

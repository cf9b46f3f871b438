import { createHash } from "node:crypto";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { database, prisma } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";

/**
 * Failed sign-ins, counted in the registry's database and so by all processes together. Five failures close one account for one
 * address for five minutes; fifty close the address. Failures of one account from everywhere count as well, against guessing from
 * many addresses: above that limit only an address from which the account was entered before gets further, so that no
 * stranger locks its person out. A browser that knew the password once is counted for itself alone.
 */
export interface Attempt {
  email: string;
  /** Network address; empty when it is not known. */
  address: string;
  /** A browser in which this account was entered before; null for any other. */
  device: string | null;
}

const MINUTES = 60;
/** Columns are named here: rate-limiter-flexible reads and writes the table as `key, points, expire`. */
const TABLE = "SignInAttempts";
/** How long an address counts as the account's own. */
const KNOWN_ADDRESS_MS = 90 * 24 * 60 * 60_000;

/** Both kinds of database through the one connection that the process has. */
const storeClient = {
  query: async ({ text, values }: { text: string; values?: unknown[] }) => {
    const { rows, rowCount } = await database().execute(text, values);
    return { rows, rowCount: rows.length || rowCount };
  },
};

const limiter = (keyPrefix: string, points: number, duration: number, clearExpiredByTimeout = false) =>
  new RateLimiterPostgres({
    storeClient,
    storeType: "client",
    tableName: TABLE,
    tableCreated: true,
    keyPrefix,
    points,
    duration,
    clearExpiredByTimeout,
  });

const LIMITS = {
  device: limiter("device", 10, 5 * MINUTES),
  pair: limiter("pair", 5, 5 * MINUTES),
  // One of them sweeps for all: they share a table.
  address: limiter("address", 50, 5 * MINUTES, true),
  account: limiter("account", 200, 60 * MINUTES),
};
type Limit = keyof typeof LIMITS;

/** Counts an attempt before it is checked, so that many at once cannot slip through. False when there were too many. */
export async function takeAttempt(attempt: Attempt): Promise<boolean> {
  if (attempt.device !== null) return consume("device", attempt);
  if (!(await consume("pair", attempt)) || !(await consume("address", attempt))) return false;
  return (await consume("account", attempt)) || (await isKnownAddress(attempt));
}

/** The attempt was a person who knows the password: their failures here are forgotten, and it is none elsewhere. */
export async function forgiveAttempt(attempt: Attempt): Promise<void> {
  if (attempt.device !== null) {
    await LIMITS.device.delete(keyOf("device", attempt));
    return;
  }
  await LIMITS.pair.delete(keyOf("pair", attempt));
  await LIMITS.address.reward(keyOf("address", attempt), 1);
  await LIMITS.account.reward(keyOf("account", attempt), 1);
}

/**
 * Runs what a wrong secret fails, at most five times in five minutes until it succeeds once. Throws `forbidden` above that.
 * @param key whose secret it is
 */
export async function assertAttemptAllowed<Answer>(key: string, attempt: () => Promise<Answer>): Promise<Answer> {
  const counted: Attempt = { email: key, address: "", device: null };
  if (!(await consume("pair", counted)))
    throw new DomainError("forbidden", "Too many failed attempts. Wait five minutes, then try again.");
  const answer = await attempt();
  await LIMITS.pair.delete(keyOf("pair", counted));
  return answer;
}

async function consume(limit: Limit, attempt: Attempt): Promise<boolean> {
  try {
    await LIMITS[limit].consume(keyOf(limit, attempt), 1);
    return true;
  } catch (error) {
    // It rejects with what was counted when there were too many, and with an error when it could not count.
    if (error instanceof RateLimiterRes) return false;
    throw error;
  }
}

/** A digest: keys have a length, and the table is no list of addresses and e-mails. */
function keyOf(limit: Limit, { email, address, device }: Attempt): string {
  const parts = { device: [email, device], pair: [email, address], address: [address], account: [email] }[limit];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}

async function isKnownAddress({ email, address }: Attempt): Promise<boolean> {
  if (address === "") return false;
  const since = new Date(Date.now() - KNOWN_ADDRESS_MS);
  return (await prisma().session.count({ where: { user: { email }, address, createdAt: { gte: since } } })) > 0;
}

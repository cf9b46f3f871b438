/** What drivers and servers say, in words for whoever made a connection or declared a source. */
import type { DatabaseAccess } from "@/lib/domain/datasets/database-access";
import { DomainError, type ErrorCode } from "@/lib/domain/errors";

interface Said {
  /** Of the operating system, such as ECONNREFUSED, or of the server: five characters of SQLSTATE. */
  code?: string;
  message: string;
}

/** What this machine's disk says is none of the database's doing. */
const OF_THE_DISK = ["ENOSPC", "EDQUOT", "EROFS", "EIO"];

/** A failure of a connection or of a statement. DomainErrors pass, and failures to write what was read. */
export function connectionError(error: unknown, access: DatabaseAccess): Error {
  if (error instanceof DomainError) return error;
  const said = saidOf(error);
  if (error instanceof Error && OF_THE_DISK.includes(said.code ?? "")) return error;
  const [code, message] = explain(said, access);
  return new DomainError(code, `Connection ${access.connection}: ${message}`, { connection: access.connection });
}

function saidOf(error: unknown): Said {
  if (error instanceof AggregateError && error.errors.length > 0) return saidOf(error.errors[0]);
  const { message = String(error), code } = error as Partial<Said>;
  return { message, ...(code !== undefined && { code }) };
}

function explain({ code = "", message }: Said, access: DatabaseAccess): [ErrorCode, string] {
  const { host, port, database, user, tls } = access;
  const server = `${host}:${port}`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return ["unavailable", `there is no host ${host}. Correct its name, or see whether this server can resolve it.`];
  if (code === "ECONNREFUSED")
    return ["unavailable", `${server} refuses connections. Start the database there, or correct host and port.`];
  if (
    ["EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"].includes(code) ||
    /timeout expired|connection timeout/i.test(message)
  )
    return ["unavailable", `${server} does not answer. See whether a firewall is between, and correct host and port.`];
  if (/does not support SSL/i.test(message))
    return ["invalid", `${server} speaks no TLS, and the connection asks for tls: ${tls}. Switch it on there, or set tls to disable.`]; // prettier-ignore
  if (/CERT|SELF_SIGNED|UNABLE_TO_/.test(code) || /certificate|altnames/i.test(message))
    return ["invalid", `the certificate of ${server} is not accepted: ${message}. Give the server one of a known authority for ${host} (NODE_EXTRA_CA_CERTS names further ones), or set tls to require, which does not verify it.`]; // prettier-ignore
  if (code === "28P01" || /SASL|password authentication failed|client password must be/i.test(message))
    return ["invalid", `${server} does not accept the password of user ${user}. Set the password of the connection.`];
  if (code === "28000")
    return ["invalid", `${server} does not let user ${user} in: ${message}. Correct user or tls, or the server's pg_hba.conf.`]; // prettier-ignore
  if (code === "3D000") return ["invalid", `${server} has no database ${database}. Correct its name.`];
  if (code === "53300") return ["unavailable", `${server} has no connection free: ${message}. Try again later.`];
  if (code === "57014")
    return ["unavailable", "the statement took longer than it may and was stopped. Select fewer rows or columns, or add an index."]; // prettier-ignore
  if (code === "25006")
    return ["invalid", `the statement would write, and sources are only read: ${message}. Give one SELECT.`];
  if (code === "42601" && /multiple commands/i.test(message))
    return ["invalid", "`sql` has several statements. Give one SELECT."];
  if (code === "42501") return ["invalid", `${message}. Grant user ${user} the right to read it.`];
  if (code === "42P01" || code === "3F000")
    return ["not_found", `${message} in database ${database}. Correct the table's name, or create it.`];
  // Connections that break, of whatever kind: 08*, and an administrator's shutdown.
  if (isBroken(code, message))
    return ["unavailable", `the connection to ${server} broke in the middle (${message}). Nothing of it was kept; the newest version stays. Try again.`]; // prettier-ignore
  if (/^[0-9A-Z]{5}$/.test(code)) return ["invalid", `${message} (SQLSTATE ${code}).`];
  return ["unavailable", `${server} cannot be used: ${message}`];
}

function isBroken(code: string, message: string): boolean {
  return (
    ["ECONNRESET", "EPIPE", "57P01", "57P02", "57P03", "40001"].includes(code) ||
    code.startsWith("08") ||
    /Connection terminated|Client was closed|not queryable/i.test(message)
  );
}

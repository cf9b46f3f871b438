/** How a connection speaks to its server: in the clear, encrypted, or encrypted with a server that proves its name. */
export const TLS_MODES = ["disable", "require", "verify-full"] as const;
export type TlsMode = (typeof TLS_MODES)[number];

/** A connection with its secret, for an engine alone: it is in no answer, log or error. */
export interface DatabaseAccess {
  /** Name of the connection. */
  connection: string;
  host: string;
  port: number;
  database: string;
  user: string;
  /** Null where the server asks for none. */
  password: string | null;
  tls: TlsMode;
  /** Id of the workspace, whose copies of tables lie together. */
  workspaceId: string;
}

/** What a server says of itself when a connection is tried. */
export interface DatabaseGreeting {
  /** Such as `PostgreSQL 15.8`. */
  server: string;
  /** Whether the connection is encrypted. */
  encrypted: boolean;
  /** Tables and views that the user may read, at most 1,000, as `schema.table` in order. */
  tables: string[];
}

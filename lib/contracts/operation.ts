import { z } from "zod";

/**
 * One operation of the API, said once: the route serves it, the client calls it, the OpenAPI document describes it.
 * Path parameters are written `{name}`, as OpenAPI does.
 */
export interface Operation<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  id: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  summary: string;
  tag: string;
  params: Params;
  query: Query;
  body: Body;
  response: Response;
  /** Status of success; 200 unless something was created. */
  status: number;
  /** True for the few operations that a stranger may call. */
  anonymous: boolean;
  /** True for an earlier address that is served for one version more. */
  deprecated: boolean;
}

const Nothing = z.object({});
type Nothing = typeof Nothing;
/** A member of a body that no operation knows is refused: left out in silence, a setting would seem to be made. */
const NoBody = z.strictObject({});

/** Declares an operation; what is left out is empty. */
export function operation<
  Response extends z.ZodType,
  Params extends z.ZodType = Nothing,
  Query extends z.ZodType = Nothing,
  Body extends z.ZodType = Nothing,
>(definition: {
  id: string;
  method: Operation["method"];
  path: string;
  summary: string;
  tag: string;
  params?: Params;
  query?: Query;
  body?: Body;
  response: Response;
  status?: number;
  anonymous?: boolean;
}): Operation<Params, Query, Body, Response> {
  return {
    status: 200,
    anonymous: false,
    deprecated: false,
    ...definition,
    // Whoever leaves one out has the type parameter's default, which is `Nothing`.
    params: definition.params ?? (Nothing as unknown as Params),
    query: definition.query ?? (Nothing as unknown as Query),
    body: definition.body ?? (NoBody as unknown as Body),
  };
}

/** An operation at its earlier address. */
export function deprecatedAlias<Known extends Operation>(operation: Known, id: string, path: string): Known {
  return {
    ...operation,
    id,
    path,
    deprecated: true,
    summary: `Deprecated: use ${operation.path}. ${operation.summary}`,
  };
}

const OfACase = z.unknown().optional().describe("What a case says of itself; ignored.");

/** Members of a test case beside its question, so that a case can be sent as it is. */
export const ofCases = { name: OfACase, core: OfACase, note: OfACase, expected: OfACase };

/** The names that everything shares. */
export const WorkspaceName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, { error: "expected a name such as flights" })
  .describe("Name of the workspace.");

export const WorkspaceQuery = z.object({ workspace: WorkspaceName });

/** A body that says the workspace, and what an operation extends it by. */
export const WorkspaceBody = z.strictObject({ workspace: WorkspaceName });

export const ColumnName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, { error: "expected entity.column such as airport.segment" })
  .describe("A column as `entity.column`.");

export const Page = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(50).describe("At most so many items."),
  cursor: z
    .string()
    .transform((text) => (text === "" ? undefined : text))
    .optional()
    .describe("Where to go on: the `nextCursor` of the page before; empty or left out for the first page."),
});

/** Every list of the API has this shape. */
export function listOf<Item extends z.ZodType>(item: Item, what: string) {
  return z.object({
    items: z.array(item).describe(`The ${what} of this page, in order.`),
    total: z.number().int().describe(`How many ${what} the query has in all.`),
    nextCursor: z.string().nullable().describe("Pass as `cursor` for the next page; null on the last."),
  });
}

/** `2001-07-02T02:00:00.123456+02:00` → `2001-07-02T00:00:00.123456Z`: digits of the second beyond milliseconds stay. */
function toUtc(instant: string): string {
  const found = /^(.*?)(\.\d+)?[+-]\d{2}:\d{2}$/.exec(instant);
  if (!found) return instant;
  const [, , fraction = ""] = found;
  const at = new Date(instant.replace(/\.\d+/, ""));
  if (Number.isNaN(at.getTime())) return instant;
  return at.toISOString().replace(".000Z", `${fraction || ".000"}Z`);
}

export const Instant = z.iso
  .datetime({
    offset: true,
    error: "expected an instant such as 2001-06-01T06:00:00Z or 2001-06-01T08:00:00+02:00",
  })
  .overwrite(toUtc)
  .describe("ISO 8601 instant; one with an offset is taken as the same moment in UTC.");

import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { migrate, readMigrations, type SqlExecutor } from "./migrate";

/** An installation of the version before: people, grants, tokens, owners as free text, and a log. */
const BEFORE = `
INSERT INTO "Workspace" ("id", "name", "title", "definition", "digest", "updatedAt", "createdBy", "updatedBy") VALUES
  ('w1', 'flights', 'Flights', '{}', 'd', now(), 'system', 'system'), ('w2', 'hotels', 'Hotels', '{}', 'd', now(), 'system', 'system');
INSERT INTO "User" ("id", "email", "name", "updatedAt") VALUES
  ('ada', 'ada@example.org', 'Ada Lindqvist', now()), ('kim1', 'kim1@example.org', 'Kim', now()), ('kim2', 'kim2@example.org', 'Kim', now()),
  ('root', 'root@example.org', 'Root', now());
INSERT INTO "RoleBinding" ("id", "userId", "workspaceId", "role", "createdAt", "createdBy") VALUES
  ('b1', 'ada', 'w1', 'author', now(), 'system'), ('b2', 'kim1', 'w1', 'viewer', now(), 'system'), ('b3', 'kim2', 'w1', 'viewer', now(), 'system'),
  ('b4', 'root', NULL, 'admin', now() - interval '1 day', 'root'), ('b5', 'root', NULL, 'admin', now(), 'root');
INSERT INTO "ApiToken" ("id", "name", "hash", "workspaceId", "roles", "createdBy") VALUES
  ('t1', 'CI', 'h1', 'w2', '{author}', 'root'), ('t2', 'old', 'h2', NULL, '{viewer}', 'root');
INSERT INTO "Source" ("id", "workspaceId", "name", "entity", "format", "location", "owner", "definition", "digest", "updatedAt", "createdBy", "updatedBy") VALUES
  ('s1', 'w1', 'a', 'e', 'csv', 'a.csv', 'network-planning', '{"owner": "network-planning"}', 'd', now(), 'x', 'x'),
  ('s2', 'w1', 'b', 'e', 'csv', 'b.csv', 'Ada@Example.org', '{}', 'd', now(), 'x', 'x'),
  ('s3', 'w1', 'c', 'e', 'csv', 'c.csv', 'Kim', '{}', 'd', now(), 'x', 'x'),
  ('s4', 'w1', 'd', 'e', 'csv', 'd.csv', '', '{}', 'd', now(), 'x', 'x'),
  ('s5', 'w2', 'a', 'e', 'csv', 'a.csv', 'Ada Lindqvist', '{}', 'd', now(), 'x', 'x');
INSERT INTO "Experiment" ("id", "workspaceId", "number", "title", "hypothesis", "metric", "owner", "variants", "state", "updatedAt", "createdBy", "updatedBy") VALUES
  ('x1', 'w1', 1, 't', 'h', 'm', 'Ada Lindqvist', '[]', 'open', now(), 'x', 'x'), ('x2', 'w1', 2, 't', 'h', 'm', 'network-planning', '[]', 'open', now(), 'x', 'x');
INSERT INTO "AuditEvent" ("sequence", "workspace", "at", "actorId", "actorName", "action", "object", "after", "previousHash", "hash") VALUES
  (1, 'flights', now(), 'ada', 'Ada', 'change.open', 'flights/change/7', '{"feature": "a.b"}', 'p', 'h1'),
  (2, 'flights', now(), 'ada', 'Ada', 'feature.promote', 'flights/feature/a.b', '{"change": 7, "version": 2}', 'p', 'h2'),
  (3, 'flights', now(), 'ada', 'Ada', 'change.open', 'flights/change/70', '{}', 'p', 'h3'),
  (4, 'gone', now(), 'ada', 'Ada', 'run.start', 'gone/run/1', NULL, 'p', 'h4'),
  (5, 'flights', now(), 'ada', 'Ada', 'x.y', 'flights/x/1', '[1]', 'p', 'h5'),
  (6, NULL, now(), 'ada', 'Ada', 'x.y', 'x/1', '{"change": "seven"}', 'p', 'h6');`;

const MIGRATION = "20261130084000_people_and_access";

let pglite: PGlite;
let target: SqlExecutor;
const rows = async (sql: string) => (await pglite.query<Record<string, unknown>>(sql)).rows;

beforeAll(async () => {
  pglite = await PGlite.create();
  target = {
    async execute(sql, values) {
      if (values?.length) return { rows: (await pglite.query<Record<string, unknown>>(sql, values)).rows, rowCount: 0 };
      await pglite.exec(sql);
      return { rows: [], rowCount: 0 };
    },
  };
  const all = await readMigrations();
  await migrate(target, all.filter(({ name }) => name < MIGRATION)); // prettier-ignore
  await pglite.exec(BEFORE);
  await migrate(target, all.filter(({ name }) => name >= MIGRATION)); // prettier-ignore
});
afterAll(() => pglite.close());

it("says the scope of every grant and token, and keeps each role once", async () => {
  expect(await rows(`SELECT "id", "scope", "workspaceId" FROM "RoleBinding" ORDER BY "id"`)).toEqual([
    { id: "b1", scope: "workspace", workspaceId: "w1" },
    { id: "b2", scope: "workspace", workspaceId: "w1" },
    { id: "b3", scope: "workspace", workspaceId: "w1" },
    { id: "b4", scope: "installation", workspaceId: null },
  ]);
  expect(await rows(`SELECT "id", "scope", "workspaceId" FROM "ApiToken" ORDER BY "id"`)).toEqual([
    { id: "t1", scope: "workspace", workspaceId: "w2" },
    { id: "t2", scope: "installation", workspaceId: null },
  ]);
});

it("makes a group of every owner that is not one person of the workspace", async () => {
  expect(await rows(`SELECT "workspaceId", "name" FROM "Group" ORDER BY 1, 2`)).toEqual([
    { workspaceId: "w1", name: "Kim" },
    { workspaceId: "w1", name: "network-planning" },
    { workspaceId: "w2", name: "Ada Lindqvist" },
  ]);
  expect(await rows(`SELECT "owner", "definition" FROM "Source" WHERE "id" = 's1'`)).toEqual([
    { owner: "network-planning", definition: { owner: "network-planning" } },
  ]);
});

it("names workspaces of events by id and finds what belongs to a change, and the log stays append-only", async () => {
  expect(await rows(`SELECT "sequence", "workspaceId", "change" FROM "AuditEvent" ORDER BY 1`)).toEqual([
    { sequence: 1, workspaceId: "w1", change: 7 },
    { sequence: 2, workspaceId: "w1", change: 7 },
    { sequence: 3, workspaceId: "w1", change: 70 },
    { sequence: 4, workspaceId: null, change: null },
    { sequence: 5, workspaceId: "w1", change: null },
    { sequence: 6, workspaceId: null, change: null },
  ]);
  await expect(pglite.exec(`UPDATE "AuditEvent" SET "workspaceId" = 'w2'`)).rejects.toThrow(/append-only/);
});

it.each([
  [`UPDATE "RoleBinding" SET "workspaceId" = NULL WHERE "id" = 'b1'`, /RoleBinding_scope_check/],
  [`UPDATE "RoleBinding" SET "scope" = 'installation' WHERE "id" = 'b1'`, /RoleBinding_scope_check/],
  [`UPDATE "ApiToken" SET "workspaceId" = NULL WHERE "id" = 't1'`, /ApiToken_scope_check/],
  [
    `INSERT INTO "RoleBinding" ("id", "userId", "scope", "role", "createdBy") VALUES ('b9', 'root', 'installation', 'admin', 'root')`,
    /RoleBinding_userId_workspaceId_role_key/,
  ],
])("refuses %s", async (statement, constraint) => {
  await expect(pglite.exec(statement)).rejects.toThrow(constraint);
});

it("never widens a grant or a token when its workspace is removed: they go with it", async () => {
  const keys =
    await rows(`SELECT c."conrelid"::regclass::text AS "table", c."confdeltype" AS "action" FROM pg_constraint c
    WHERE c."contype" = 'f' AND c."confrelid" = '"Workspace"'::regclass
      AND c."conrelid" IN ('"RoleBinding"'::regclass, '"ApiToken"'::regclass) ORDER BY 1`);
  expect(keys).toEqual([
    { table: '"ApiToken"', action: "c" },
    { table: '"RoleBinding"', action: "c" },
  ]);
});

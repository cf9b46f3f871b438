import { messages, PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EmbeddedDatabase } from "./embedded-database";
import { EmbeddedDoor } from "./embedded-door";

let database: EmbeddedDatabase;
let door: EmbeddedDoor;
let other: EmbeddedDoor;

beforeAll(async () => {
  database = await EmbeddedDatabase.start(null);
  door = new EmbeddedDoor(() => database.connect());
  other = new EmbeddedDoor(() => database.connect());
  await door.exec("CREATE TABLE item (id int PRIMARY KEY, note text NOT NULL)");
});

afterAll(async () => {
  door.close();
  other.close();
  await database.close();
});

const count = async (session: Pick<EmbeddedDoor, "query"> = door) =>
  (await session.query<{ n: number }>("SELECT count(*)::int AS n FROM item")).rows[0]?.n;

describe("a door to the embedded database", () => {
  it("answers as PGlite itself does, with every type and with parsers of the caller", async () => {
    const plain = await PGlite.create();
    try {
      const sql = `SELECT 1::int2 AS small, 9007199254740993::int8 AS big, 1.5::float8 AS float, true AS yes, 'ä' AS text, '{"a": [1, null]}'::jsonb AS json,
        ARRAY['a', NULL, 'b,c'] AS texts, ARRAY[1, 2] AS numbers, '2001-06-01T02:00:00+02:00'::timestamptz AS at, '\\xff00'::bytea AS bytes, NULL::int AS nothing, $1::text AS given, $2::jsonb AS object`;
      const values = ["q'uote", { nested: [1, "x"] }];
      const parsers = { 1184: (text: string) => `at ${text}`, 3802: (text: string) => text };
      for (const options of [
        undefined,
        { rowMode: "array" as const },
        { rowMode: "array" as const, parsers },
        { parsers },
      ])
        expect(await door.query(sql, values, options)).toEqual(await plain.query(sql, values, options));
      const script = "CREATE TABLE once (id int); INSERT INTO once VALUES (1), (2); SELECT * FROM once";
      expect(await door.exec(script)).toEqual(await plain.exec(script));
    } finally {
      await plain.close();
    }
  });

  it("passes errors on as the database's own, with their SQLSTATE", async () => {
    await door.query("INSERT INTO item VALUES ($1, $2)", [1, "one"]);
    const error: unknown = await door
      .query("INSERT INTO item VALUES ($1, $2)", [1, "again"])
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(messages.DatabaseError);
    expect(error).toMatchObject({
      code: "23505",
      severity: "ERROR",
      constraint: "item_pkey",
      detail: "Key (id)=(1) already exists.",
    });
    await expect(door.query("SELECT $1::text", [() => 1])).rejects.toThrow(/could not be cloned/);
    await door.exec("DELETE FROM item");
  });

  it("rolls a transaction back when it throws, is told to, or its commit fails", async () => {
    const insert = "INSERT INTO item VALUES (1, 'x')";
    await expect(
      door.transaction(async (transaction) => {
        await transaction.exec(insert);
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    await door.transaction(async (transaction) => {
      await transaction.query(insert);
      await transaction.rollback();
    });
    expect(await count()).toBe(0);
    await door.exec("CREATE TABLE late (id int PRIMARY KEY, item int REFERENCES item DEFERRABLE INITIALLY DEFERRED)");
    await expect(
      door.transaction((transaction) => transaction.exec("INSERT INTO late VALUES (1, 77)")),
    ).rejects.toMatchObject({ code: "23503" });
    expect((await door.query("SELECT * FROM late")).rows).toEqual([]);
  });

  it("keeps transactions of several doors apart, and lets others wait for one", async () => {
    const increment = (session: EmbeddedDoor) =>
      session.transaction(async (transaction) => {
        const before = await count(transaction);
        await transaction.query("INSERT INTO item VALUES ($1, 'n')", [before]);
      });
    await Promise.all(Array.from({ length: 20 }, (_, index) => increment(index % 2 ? door : other)));
    expect(await count()).toBe(20);
    await door.exec("TRUNCATE item CASCADE");
  });

  it("rolls back what a door leaves open, also one that still waits", async () => {
    const leaving = new EmbeddedDoor(() => database.connect());
    let begun: () => void;
    const inside = new Promise<void>((resolve) => (begun = resolve));
    const left = leaving.transaction(async (transaction) => {
      await transaction.exec("INSERT INTO item VALUES (9, 'left')");
      begun();
      await new Promise(() => undefined);
    });
    left.catch(() => undefined);
    await inside;
    const waiting = leaving.transaction((transaction) => transaction.exec("INSERT INTO item VALUES (10, 'waited')"));
    const refused = expect(waiting).rejects.toThrow("is closed");
    leaving.close();
    await refused;
    expect(await count(other)).toBe(0);
    await expect(leaving.query("SELECT 1")).rejects.toThrow("is closed");
  });

  it("leaves the event loop alone while a query takes long", async () => {
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    await door.query("SELECT sum(sqrt(i)) FROM generate_series(1, 3000000) AS i");
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
  });

  it("goes on after statements that began a transaction of their own and failed in it", async () => {
    await expect(door.exec("BEGIN; SELECT 1 / 0; COMMIT")).rejects.toThrow(/division by zero/);
    expect((await other.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });
});

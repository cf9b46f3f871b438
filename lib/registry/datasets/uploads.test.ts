import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, prisma } from "@/lib/db/client";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import { keepUpload } from "./uploads";

const data = mkdtempSync(path.join(tmpdir(), "tributary-uploads-"));
let fixture: Awaited<ReturnType<typeof filledRegistry>>;
beforeAll(async () => {
  process.env.TRIBUTARY_DATA = data;
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(async () => {
  await closeDatabase();
  rmSync(data, { recursive: true, force: true });
});

const bodyOf = (text: string) => new Response(text).body as ReadableStream<Uint8Array>;
const keep = (name: string, body: ReadableStream<Uint8Array> | null, person: keyof typeof fixture.people = "ada") =>
  keepUpload(fixture.people[person], { workspace: "flights", name }, body);
const folder = path.join(data, "sources", "uploads", "flights");

describe("an upload", () => {
  it("is kept whole under its name, with an event, and the same file again is the same", async () => {
    const kept = await keep("sales 2024.csv", bodyOf("id\n1\n"));
    expect(kept).toMatchObject({ location: "uploads/flights/sales 2024.csv", bytes: 5 });
    expect(readFileSync(path.join(folder, "sales 2024.csv"), "utf8")).toBe("id\n1\n");
    expect(await keep("sales 2024.csv", bodyOf("id\n1\n"))).toEqual(kept);
    const events = await prisma().auditEvent.findMany({ where: { action: "upload.create" } });
    expect(events.map(({ object }) => object)).toEqual(["flights/upload/sales 2024.csv"]);
  });

  it("never replaces another file", async () => {
    await expect(keep("sales 2024.csv", bodyOf("id\n2\n"))).rejects.toThrow(
      "There is another file sales 2024.csv among the uploads.",
    );
    expect(readFileSync(path.join(folder, "sales 2024.csv"), "utf8")).toBe("id\n1\n");
  });

  it("leaves nothing when it breaks off, or is empty", async () => {
    let sent = 0;
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        if ((sent += 1) > 3) controller.error(new Error("reset"));
        else controller.enqueue(new TextEncoder().encode("row\n"));
      },
    });
    await expect(keep("half.csv", broken)).rejects.toThrow("The file broke off before it was complete");
    await expect(keep("none.csv", bodyOf(""))).rejects.toThrow("The body is empty");
    await expect(keep("none.csv", null)).rejects.toThrow("The body is empty");
    expect(readdirSync(folder)).toEqual(["sales 2024.csv"]);
  });

  it.each([
    ["../../etc/passwd", "uploads/flights/etc_passwd"],
    [".hidden.csv", "uploads/flights/hidden.csv"],
    ["a*b[1].csv", "uploads/flights/a_b_1_.csv"],
  ])("called %s stays in its folder, by a name that is no pattern", async (name, location) => {
    expect((await keep(name, bodyOf("x"))).location).toBe(location);
  });

  it("is refused to who may not declare a source, and where the name has nothing to keep", async () => {
    await expect(keep("x.csv", bodyOf("x"), "devi")).rejects.toMatchObject({ code: "forbidden" });
    await expect(keep("///", bodyOf("x"))).rejects.toThrow("A file cannot be called");
    await expect(keep("...", bodyOf("x"))).rejects.toThrow("A file cannot be called");
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { layMigratedRegistry } from "@/test/migrated-folder";
import { runCommand } from "./run-program.test-support";

const folder = mkdtempSync(path.join(tmpdir(), "tributary-people-"));
beforeAll(() => layMigratedRegistry(path.join(folder, "data")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tributary = (...args: string[]) => runCommand(folder, args);

describe("tributary people and workspaces", () => {
  it.each([
    [["people"], /people needs an action: list, invite/],
    [["people", "invit", "a@b.example", "A"], /no action invit of people\. Did you mean invite\?/],
    [["people", "invite", "a@b.example"], /Expected tributary people invite EMAIL NAME/],
    [["people", "roles", "a@b.example", "king", "--workspace", "main"], /There is no role king/],
    [["people", "list"], /--workspace NAME is missing/],
    [["workspaces", "create", "main", "--admin", "a@b.example"], /go together/],
  ])("refuses %j with 2", async (args, text) => {
    expect(await tributary(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(text) as string });
  });

  it("make a workspace, invite, and refuse what would leave nobody to administer it", async () => {
    const made = await tributary("workspaces", "create", "main", "--admin", "Ada@b.example", "--admin-name", "Ada");
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/main was made[^]*invitation\?token=inv_/) as string });
    const in_ = ["--workspace", "main"];
    const again = await tributary("people", "invite", "ada@b.example", "Ada", ...in_);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("invited ada@b.example on") as string });
    const invited = await tributary("people", "invite", "bo@b.example", "Bo", "--roles", "author,steward", "--json", ...in_);
    expect(JSON.parse(invited.stdout)).toMatchObject({ invitation: { email: "bo@b.example", roles: ["author", "steward"] } });
    const listed = await tributary("people", "list", ...in_);
    expect(listed.stdout).toMatch(/bo@b\.example {2}Bo {2}author, steward {2}\(invited, until \d{4}-\d\d-\d\d\)/);
    expect(await tributary("people", "remove", "bo@b.example", ...in_)).toMatchObject({ code: 1, stderr: expect.stringContaining("Nobody in main") as string });
    expect((await tributary("workspaces", "archive", "main")).stdout).toContain("is archived");
    expect((await tributary("workspaces", "list")).stdout).toMatch(/main {2}main {2}\(archived on/);
    expect(await tributary("people", "invite", "cy@b.example", "Cy", ...in_)).toMatchObject({ code: 1, stderr: expect.stringContaining("is archived") as string });
    expect((await tributary("workspaces", "restore", "main")).stdout).toContain("is in use");
  }); // prettier-ignore
});

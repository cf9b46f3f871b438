import { describe, expect, it } from "vitest";
import { actionsFor } from "./actions";

const names = (...roles: Parameters<typeof actionsFor>[0]) => actionsFor(roles).map(({ name }) => name);

describe("actions of the command palette", () => {
  it("are those that the roles allow", () => {
    expect(names("viewer")).not.toEqual(expect.arrayContaining(["Add data"]));
    expect(names("viewer")).toEqual(expect.arrayContaining(["Plan a pipeline", "Dark theme", "Sign out"]));
    expect(names("author")).toEqual(
      expect.arrayContaining(["Add data", "New stage in SQL", "Approve what waits for you"]),
    );
    expect(names("author")).not.toContain("Invite a person");
    expect(names("admin")).toEqual(expect.arrayContaining(["Invite a person", "Make a token"]));
  });

  it("each have one name, and one thing that they do", () => {
    const all = actionsFor(["admin", "auditor"]);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { href, theme, leaves, name } of all)
      expect(
        [href, theme, leaves].filter((one) => one !== undefined),
        name,
      ).toHaveLength(1);
  });
});

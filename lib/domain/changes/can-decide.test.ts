import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Actor } from "../actor";
import { ROLES, type Role } from "../roles";
import { canDecide, orOf, type DecisionQuestion } from "./can-decide";

const actor = (more: Partial<Actor> = {}): Actor => ({
  id: "ann",
  name: "Ann",
  kind: "user",
  roles: ["steward"],
  ...more,
});
const TOKEN =
  "An approval is a person's decision: ci can apply what people have approved, and approves nothing itself.";
const ask = (more: Partial<DecisionQuestion> = {}) =>
  canDecide({ actor: actor(), authorId: "ben", revisionEditors: ["ben"], roles: [], ...more });

describe("canDecide", () => {
  it.each<[string, Partial<DecisionQuestion>, boolean, string]>([
    ["somebody else", {}, true, "Ann took no part in this change and may approve it."],
    ["the author", { authorId: "ann" }, false, "Ann wrote this change, so somebody else must approve it."],
    [
      "an editor",
      { revisionEditors: ["ben", "ann"] },
      false,
      "Ann edited this revision, so somebody else must approve it.",
    ],
    [
      "who overrode a check",
      { checkOverriders: ["ann"] },
      false,
      "Ann overrode a check of this change, so somebody else must approve it.",
    ],
    [
      "an admin who wrote it",
      { actor: actor({ roles: ["admin"] }), authorId: "ann" },
      false,
      "Ann wrote this change, so somebody else must approve it.",
    ],
    ["the author's token", { actor: actor({ id: "t1", name: "ci", kind: "token", ownerId: "ben" }) }, false, TOKEN],
    [
      "an editor's token",
      { actor: actor({ id: "t1", name: "ci", kind: "token", ownerId: "eve" }), revisionEditors: ["eve"] },
      false,
      TOKEN,
    ],
    ["a token that wrote it", { actor: actor({ id: "t1", name: "ci", kind: "token" }), authorId: "t1" }, false, TOKEN],
    ["somebody else's token", { actor: actor({ id: "t1", name: "ci", kind: "token", ownerId: "ann" }) }, false, TOKEN],
    [
      "the system",
      { actor: actor({ kind: "system", name: "Tributary" }) },
      false,
      "An approval is a person's decision, not the system's.",
    ],
    [
      "a viewer",
      { actor: actor({ roles: ["viewer"] }) },
      false,
      "Approving needs one of the roles author, steward, admin; Ann has viewer.",
    ],
    [
      "nobody's role",
      { actor: actor({ roles: [] }) },
      false,
      "Approving needs one of the roles author, steward, admin; Ann has no role.",
    ],
    [
      "the role the policy asks for",
      { roles: ["steward", "admin"] },
      true,
      "Ann took no part in this change and may approve it.",
    ],
    [
      "another role",
      { roles: ["admin"], actor: actor({ roles: ["author", "steward"] }) },
      false,
      "This change needs the approval of an admin; Ann has author, steward.",
    ],
  ])("%s", (_, question, allowed, reason) => {
    expect(ask(question)).toEqual({ allowed, reason });
  });

  it("never lets anybody approve what they had a part in, whatever their roles", () => {
    const id = fc.constantFrom("ann", "ben", "eve");
    const roles = fc.subarray([...ROLES]);
    fc.assert(
      fc.property(
        id,
        fc.option(id, { nil: undefined }),
        id,
        fc.subarray(["ann", "ben", "eve"]),
        roles,
        roles,
        fc.constantFrom("user" as const, "token" as const),
        (self, ownerId, authorId, revisionEditors, held, asked, kind) => {
          const { allowed } = ask({
            actor: actor({ id: self, ownerId, kind, roles: held }),
            authorId,
            revisionEditors,
            roles: asked,
          });
          const selves: (string | undefined)[] = [self, ownerId];
          if (selves.includes(authorId) || revisionEditors.some((editor) => selves.includes(editor)))
            expect(allowed).toBe(false);
          if (asked.length > 0 && !held.some((role) => asked.includes(role))) expect(allowed).toBe(false);
        },
      ),
    );
  });
});

describe("orOf", () => {
  it.each<[Role[], string]>([
    [["steward"], "a steward"],
    [["author", "steward", "admin"], "an author or a steward or an admin"],
  ])("%j", (roles, expected) => {
    expect(orOf(roles)).toBe(expected);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Actor } from "./actor";
import { DomainError } from "./errors";
import { PERMISSIONS, VERBS, assertCan, can, type Verb } from "./permissions";
import { ROLES, type Role } from "./roles";

const actor = (roles: Role[], more: Partial<Actor> = {}): Actor => ({
  id: "u1",
  name: "Ann",
  kind: "user",
  roles,
  ...more,
});

/** Written out a second time: whoever widens a permission has to say so twice. */
const EXPECTED: Record<Verb, string> = {
  "workspace:read": "viewer author steward auditor admin",
  "workspace:edit": "admin",
  "feature:read": "viewer author steward auditor admin",
  "personal:read": "steward admin",
  "spec:plan": "viewer author steward auditor admin",
  "spec:apply": "author steward admin",
  "feature:propose": "author steward admin",
  "change:comment": "viewer author steward auditor admin",
  "change:approve": "author steward admin",
  "change:override": "steward admin",
  "change:apply": "author steward admin",
  "change:withdraw": "author steward admin",
  "run:start": "author steward admin",
  "run:cancel": "author steward admin",
  "deployment:edit": "author steward admin",
  "monitor:edit": "author steward admin",
  "alert:handle": "author steward admin",
  "experiment:edit": "author steward admin",
  "training:edit": "author steward admin",
  "usage:read": "viewer author steward auditor admin",
  "audit:read": "auditor admin",
  "audit:verify": "auditor admin",
  "features:serve": "viewer author steward admin",
  "features:push": "author steward admin",
  "policy:edit": "steward admin",
  "channel:manage": "steward admin",
  "connection:read": "author steward admin",
  "connection:manage": "admin",
  "token:manage": "admin",
  "member:manage": "admin",
};

describe("can", () => {
  it.each(Object.entries(EXPECTED) as [Verb, string][])("%s: %s", (verb, roles) => {
    expect(ROLES.filter((role) => can(role, verb)).join(" ")).toBe(roles);
  });

  it("lists every verb in the expectation", () => {
    expect(VERBS).toEqual(Object.keys(EXPECTED));
  });

  it("gives several roles what any of them has, and no role nothing", () => {
    fc.assert(
      fc.property(fc.subarray([...ROLES]), fc.constantFrom(...VERBS), (roles, verb) => {
        expect(can(roles, verb)).toBe(roles.some((role) => can(role, verb)));
      }),
    );
    expect(VERBS.some((verb) => can([], verb))).toBe(false);
  });

  it("gives an admin every verb", () => {
    expect(VERBS.filter((verb) => !can("admin", verb))).toEqual([]);
  });
});

describe("assertCan", () => {
  it.each(VERBS)("agrees with the table on %s", (verb) => {
    for (const role of ROLES) {
      const attempt = () => assertCan(actor([role]), verb);
      if ((PERMISSIONS[verb] as readonly Role[]).includes(role)) expect(attempt).not.toThrow();
      else expect(attempt).toThrow(DomainError);
    }
  });

  it.each<[Role[], Verb, string]>([
    [["viewer"], "change:approve", "`change:approve` needs one of the roles author, steward, admin; Ann has viewer."],
    [
      [],
      "feature:read",
      "`feature:read` needs one of the roles viewer, author, steward, auditor, admin; Ann has no role.",
    ],
    [["author", "steward"], "token:manage", "`token:manage` needs the role admin; Ann has author, steward."],
  ])("says what %j lacks for %s", (roles, verb, message) => {
    expect(() => assertCan(actor(roles), verb)).toThrow(expect.objectContaining({ code: "forbidden", message }));
  });

  it("keeps a token in its environment", () => {
    const token = actor(["author"], { kind: "token", name: "ci", environment: "staging" });
    expect(() => assertCan(token, "change:apply", "staging")).not.toThrow();
    expect(() => assertCan(token, "change:apply")).not.toThrow();
    expect(() => assertCan(token, "change:apply", "production")).toThrow(
      "`change:apply` in production is not allowed to ci, which is limited to staging.",
    );
  });
});

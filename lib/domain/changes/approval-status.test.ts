import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ROLES } from "../roles";
import { approvalStatus, type NeedQuestion, type Review } from "./approval-status";

let serial = 0;
const review = (reviewerName: string, more: Partial<Review> = {}): Review => ({
  id: `r${(serial += 1)}`,
  reviewerId: reviewerName.toLowerCase(),
  reviewerName,
  roles: ["steward"],
  decision: "approve",
  digest: "d2",
  ...more,
});

const question = (reviews: Review[], more: Partial<NeedQuestion> = {}): NeedQuestion => ({
  policy: { approvals: 1, roles: [] },
  reviews,
  revisionDigest: "d2",
  authorId: "ben",
  ...more,
});

describe("approvalStatus", () => {
  const two = { policy: { approvals: 2, roles: ["steward", "admin"] as const } };
  it.each<[string, NeedQuestion, boolean, number, string]>([
    ["no review yet", question([]), false, 0, "One approval is needed, from somebody who took no part in the change."],
    [
      "no review yet, roles named",
      question([], two),
      false,
      0,
      "2 approvals are needed, each from a steward or an admin who took no part in the change.",
    ],
    [
      "one of two",
      question([review("Ann")], two),
      false,
      1,
      "One more approval is needed, from a steward or an admin who took no part in the change.",
    ],
    [
      "one of three",
      question([review("Ann")], { policy: { approvals: 3, roles: [] } }),
      false,
      1,
      "2 more approvals are needed, each from somebody who took no part in the change.",
    ],
    [
      "both",
      question([review("Ann"), review("Eve")], two),
      true,
      2,
      "Nothing more is needed: all 2 approvals the policy asks for are there.",
    ],
    [
      "the one",
      question([review("Ann")]),
      true,
      1,
      "Nothing more is needed: the approval the policy asks for is there.",
    ],
    ["none asked for", question([], { policy: { approvals: 0, roles: [] } }), true, 0, "No approval is needed."],
    [
      "twice by one person",
      question([review("Ann"), review("Ann")], two),
      false,
      1,
      "One more approval is needed, from a steward or an admin who took no part in the change.",
    ],
    [
      "another role",
      question([review("Ann", { roles: ["author"] })], two),
      false,
      0,
      "2 approvals are needed, each from a steward or an admin who took no part in the change.",
    ],
    [
      "a role that cannot approve",
      question([review("Ann", { roles: ["auditor"] })]),
      false,
      0,
      "One approval is needed, from somebody who took no part in the change.",
    ],
    [
      "the author",
      question([review("Ben")]),
      false,
      0,
      "One approval is needed, from somebody who took no part in the change.",
    ],
    [
      "an editor",
      question([review("Ann")], { revisionEditors: ["ann"] }),
      false,
      0,
      "One approval is needed, from somebody who took no part in the change.",
    ],
    [
      "who overrode a check",
      question([review("Ann")], { checkOverriders: ["ann"] }),
      false,
      0,
      "One approval is needed, from somebody who took no part in the change.",
    ],
    [
      "of an earlier revision",
      question([review("Ann", { digest: "d1" }), review("Eve", { digest: "d1" })]),
      false,
      0,
      "One approval is needed, from somebody who took no part in the change. The approval of Ann and Eve was for an earlier revision.",
    ],
    [
      "of both revisions",
      question([review("Ann", { digest: "d1" }), review("Ann")], two),
      false,
      1,
      "One more approval is needed, from a steward or an admin who took no part in the change.",
    ],
    [
      "changes wanted",
      question([review("Ann"), review("Eve", { decision: "request_changes" })]),
      false,
      1,
      "Eve asked for changes.",
    ],
    [
      "changes wanted, then approved",
      question([review("Ann", { decision: "request_changes" }), review("Ann")]),
      true,
      1,
      "Nothing more is needed: the approval the policy asks for is there.",
    ],
    [
      "approved, then changes wanted",
      question([review("Ann"), review("Ann", { decision: "request_changes" })]),
      false,
      0,
      "One approval is needed, from somebody who took no part in the change. Ann asked for changes.",
    ],
    [
      "changes wanted of an earlier revision",
      question([review("Eve", { decision: "request_changes", digest: "d1" }), review("Ann")]),
      true,
      1,
      "Nothing more is needed: the approval the policy asks for is there.",
    ],
    [
      "a comment",
      question([review("Ann"), review("Ann", { decision: "comment" })]),
      true,
      1,
      "Nothing more is needed: the approval the policy asks for is there.",
    ],
    [
      "a check that fails",
      question([review("Ann")], { failingChecks: ["leakage"] }),
      false,
      1,
      "The check leakage must pass.",
    ],
    [
      "checks that fail, and too few",
      question([], { failingChecks: ["leakage", "drift"] }),
      false,
      0,
      "One approval is needed, from somebody who took no part in the change. The checks leakage, drift must pass.",
    ],
    [
      "threads that block",
      question([review("Ann")], { policy: { approvals: 1, roles: [], resolvedThreads: true }, unresolvedThreads: 2 }),
      false,
      1,
      "2 threads are not resolved.",
    ],
    [
      "threads that do not block",
      question([review("Ann")], { unresolvedThreads: 2 }),
      true,
      1,
      "Nothing more is needed: the approval the policy asks for is there.",
    ],
  ])("%s", (_, asked, satisfied, approvals, sentence) => {
    const answer = approvalStatus(asked);
    expect(answer).toMatchObject({ satisfied, approvals, sentence, required: asked.policy.approvals });
  });

  it("names the reviews that are stale", () => {
    const reviews = [
      review("Ann", { id: "old", digest: "d1" }),
      review("Ann", { id: "new" }),
      review("Eve", { id: "note", digest: "d1", decision: "comment" }),
    ];
    expect(approvalStatus(question(reviews)).stale).toEqual(["old", "note"]);
  });

  it("is dismissed by any new revision that asks for approval", () => {
    const anyReview = fc
      .record({
        name: fc.constantFrom("Ann", "Eve", "Kim", "Ben"),
        roles: fc.subarray([...ROLES]),
        decision: fc.constantFrom("approve" as const, "request_changes" as const, "comment" as const),
        digest: fc.constantFrom("d1", "d2"),
      })
      .map(({ name, ...more }) => review(name, more));
    fc.assert(
      fc.property(fc.array(anyReview, { maxLength: 6 }), fc.integer({ min: 1, max: 2 }), (reviews, required) => {
        const policy = { approvals: required, roles: [] };
        const revised = approvalStatus(question(reviews, { policy, revisionDigest: "d3" }));
        expect(revised).toMatchObject({ satisfied: false, approvals: 0 });
        expect(revised.stale).toHaveLength(reviews.length);
        const answer = approvalStatus(question(reviews, { policy }));
        const approvers = new Set(
          reviews
            .filter(({ decision, digest }) => decision === "approve" && digest === "d2")
            .map(({ reviewerId }) => reviewerId),
        );
        expect(answer.approvals).toBeLessThanOrEqual(approvers.size - (approvers.has("ben") ? 1 : 0));
        if (answer.satisfied) expect(answer.approvals).toBeGreaterThanOrEqual(required);
      }),
    );
  });
});

describe("an approval by the owner", () => {
  const asked = (reviews: Review[], more: Partial<NeedQuestion> = {}) =>
    approvalStatus(
      question(reviews, {
        policy: { approvals: 1, roles: [], owner: true },
        owner: { name: "network-planning", members: ["ann", "bo"] },
        ...more,
      }),
    );

  it.each<[string, Review[], Partial<NeedQuestion>, boolean, string]>([
    ["by a member", [review("Ann")], {}, true, "Nothing more is needed: the approval the policy asks for is there."],
    ["by somebody else", [review("Cy")], {}, false, "The approval of the owner, network-planning, is needed."],
    ["by both", [review("Cy"), review("Bo")], {}, true, "Nothing more is needed: the approval the policy asks for is there."],
    ["by the member who wrote it", [review("Cy"), review("Ann")], { authorId: "ann" }, false, "The approval of the owner, network-planning, is needed."],
    ["by a member who may not approve any more", [review("Cy"), review("Ann", { roles: ["viewer"] })], {}, false, "The approval of the owner, network-planning, is needed."],
    ["when every member took part", [review("Cy")], { authorId: "ann", revisionEditors: ["bo"] }, false, "The approval of the owner, network-planning, is needed, and all of its members took part in the change: an administrator can add somebody to the group."],
    ["when the group is empty", [review("Cy")], { owner: { name: "network-planning", members: [] } }, false, "The approval of the owner, network-planning, is needed, and it has no members: an administrator can add somebody to the group."],
    ["when nobody owns it", [review("Cy")], { owner: null }, false, "The approval of the owner is needed, but it has no owner: name one in its spec."],
  ])("%s", (_, reviews, more, satisfied, sentence) => {
    expect(asked(reviews, more)).toMatchObject({ satisfied, sentence });
  }); // prettier-ignore

  it("is not asked for by a policy that does not say so", () => {
    expect(approvalStatus(question([review("Cy")], { owner: null }))).toMatchObject({ satisfied: true });
  });
});

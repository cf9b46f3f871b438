import { z } from "zod";
import { CHANGE_STATES } from "@/lib/domain/changes/change-states";
import { CHECK_GRADES } from "@/lib/domain/changes/model-checks";
import { GOVERNED_ENVIRONMENTS } from "@/lib/domain/changes/promotion-policy";
import { ColumnName, Instant, listOf, operation, Page, WorkspaceName } from "./operation";
import { ChangeEvidence } from "./change-evidence";

const ChangeState = z.enum(CHANGE_STATES).describe("Where the request stands.");
const GovernedEnvironment = z
  .enum(GOVERNED_ENVIRONMENTS)
  .describe("The environment whose pointer would move; for a model, the alias of this name.");
const VersionNumber = z.number().int().min(1).describe("Number of a version of the feature or model.");
const ModelName = z.string().min(1).max(200).describe("Name of a model.");
const Comment = z.string().max(10_000);

const Person = z
  .object({
    id: z.string().describe("Who it is."),
    name: z.string().describe("Their name."),
  })
  .meta({ id: "ChangePerson", description: "Somebody who took part in a change request." });

/** Whether the caller may do something now, and why not. */
const Permit = z
  .object({
    allowed: z.boolean().describe("Whether the caller may do it now."),
    reason: z.string().nullable().describe("Why not, in a sentence; null when allowed."),
  })
  .meta({ id: "ChangePermit", description: "Whether the caller may take a step, and why not." });
export type ChangePermit = z.infer<typeof Permit>;

export const CHANGE_DECISIONS = ["approve", "request_changes", "reject", "comment"] as const;
const Decision = z.enum(CHANGE_DECISIONS).describe("What the reviewer decided.");

const ChangeRevision = z
  .object({
    number: z.number().int().describe("1 for the first; an edit makes the next."),
    digest: z.string().describe("SHA-256 of the canonical JSON of what would change. A review is given to a digest."),
    version: VersionNumber.describe("The version that the pointer would name."),
    baseVersion: VersionNumber.nullable().describe("The version that the pointer named then; null when it named none."),
    editor: Person.describe("Who made the revision."),
    createdAt: Instant.describe("When."),
  })
  .meta({ id: "ChangeRevision", description: "What exactly would change, from which base. Immutable." });
export type ChangeRevision = z.infer<typeof ChangeRevision>;

const ChangeReview = z
  .object({
    id: z.string().describe("Id of the review."),
    reviewer: Person.describe("Who decided."),
    decision: Decision,
    comment: z.string().describe("What they said."),
    revision: z.number().int().describe("The revision they saw."),
    stale: z.boolean().describe("True when the request has changed since: the review no longer counts."),
    asOwner: z.boolean().describe("True when the reviewer is the owner, or a member of the group that is."),
    createdAt: Instant.describe("When."),
  })
  .meta({ id: "ChangeReview", description: "One person's decision on one revision." });
export type ChangeReview = z.infer<typeof ChangeReview>;

const ChangeItem = z
  .object({
    kind: z.enum(["feature", "model"]).describe("Whether the pointer of a feature moves, or the alias of a model."),
    object: z.string().describe("Name of the feature or model."),
    environment: GovernedEnvironment,
    baseVersion: VersionNumber.nullable().describe("What it named when the revision was made; null when nothing."),
    version: VersionNumber.describe("What it would name."),
  })
  .meta({ id: "ChangeItem", description: "One thing that a change request moves." });

const summary = {
  id: z.string().describe("Id of the request."),
  number: z.number().int().describe("Number in the workspace, as in /changes/42."),
  workspace: WorkspaceName,
  title: z.string().describe("What it is about."),
  feature: ColumnName.nullable().describe("The feature whose pointer would move; null when it is about a model."),
  model: ModelName.nullable().describe("The model whose alias would move; null when it is about a feature."),
  environment: GovernedEnvironment,
  version: VersionNumber.describe("The version that the pointer would name."),
  baseVersion: VersionNumber.nullable().describe("The version that the pointer named when the revision was made."),
  items: z
    .array(ChangeItem)
    .describe("Everything that applying it would move, in its order; the members above are of the first."),
  rollback: z.boolean().describe("True when the version was served there before."),
  state: ChangeState,
  open: z.boolean().describe("False once it ended."),
  author: Person.describe("Who opened it."),
  revision: z.number().int().describe("Number of the current revision."),
  stale: z.boolean().describe("True when somebody's latest decision was given to an earlier revision."),
  conflict: z.boolean().describe("True when the pointer moved since the current revision was made."),
  needed: z.string().describe("What is still needed and from whom, in a sentence."),
  mine: z.boolean().describe("True when the caller opened it."),
  waitingForMe: z.boolean().describe("True when the caller may approve it and it still needs approval."),
  createdAt: Instant.describe("When it was opened."),
  updatedAt: Instant.describe("When anything last happened to it."),
  endedAt: Instant.nullable().describe("When it was applied, rejected or withdrawn; null while open."),
};

export const ChangeSummary = z
  .object(summary)
  .meta({ id: "ChangeSummary", description: "A change request as a row of the queue." });
export type ChangeSummary = z.infer<typeof ChangeSummary>;

const ChangeCheck = z
  .object({
    name: z.string().describe("What is checked."),
    grade: z
      .enum(CHECK_GRADES)
      .describe("`hard` must pass before it can be applied, `soft` asks reviewers to look, `advisory` informs."),
    passed: z.boolean().describe("Whether it passes."),
    sentence: z.string().describe("What was found."),
  })
  .meta({ id: "ChangeCheck", description: "One thing that is checked of what would change." });

export const Change = z
  .object({
    ...summary,
    description: z.string().describe("Why, in the author's words."),
    pointerVersion: VersionNumber.nullable().describe(
      "The version that the pointer names now; null when it names none.",
    ),
    revisions: z.array(ChangeRevision).describe("Newest first."),
    reviews: z.array(ChangeReview).describe("Oldest first."),
    owner: z
      .object({
        kind: z.enum(["group", "person"]).describe("Whether a group owns it or one person."),
        name: z.string().describe("Name of the group, or the person's name or e-mail, as the spec says it."),
        members: z.array(Person).describe("Whose approval is the owner's: those who can sign in."),
      })
      .nullable()
      .describe("Who owns the feature, or the pipeline of the model version; null when nobody does."),
    evidence: ChangeEvidence,
    checks: z.array(ChangeCheck).describe("What was checked, worst first."),
    can: z
      .object({
        approve: Permit.describe("Whether the caller may approve, ask for changes or reject."),
        apply: Permit.describe("Whether the caller may apply."),
        rebase: Permit.describe("Whether the caller may make a revision on the moved base."),
        withdraw: Permit.describe("Whether the caller may withdraw."),
      })
      .describe("What the caller may do now."),
  })
  .meta({
    id: "Change",
    description: "A request to serve another version of a feature, or to move an alias of a model.",
  });
export type Change = z.infer<typeof Change>;

const ChangeId = z.object({ changeId: z.string().describe("Id of the request, or its number with `workspace`.") });
const InWorkspace = z.object({ workspace: WorkspaceName.optional() });
const address = { params: ChangeId, query: InWorkspace, tag: "changes", response: Change } as const;

export const CHANGE_VIEWS = ["waiting", "open", "mine", "ended", "all"] as const;

export const listChanges = operation({
  id: "listChanges",
  method: "GET",
  path: "/api/v1/changes",
  summary: "Change requests of a workspace, newest first.",
  tag: "changes",
  query: Page.extend({
    workspace: WorkspaceName,
    view: z
      .enum(CHANGE_VIEWS)
      .default("all")
      .describe("`waiting` needs the caller's decision; `mine` was opened by the caller; `open` and `ended` by state."),
    feature: ColumnName.optional(),
    model: ModelName.optional().describe("Only requests about this model."),
    environment: GovernedEnvironment.optional(),
  }),
  response: listOf(ChangeSummary, "change requests").meta({ id: "ChangeList", description: "Change requests." }),
});

export const openChange = operation({
  id: "openChange",
  method: "POST",
  path: "/api/v1/changes",
  summary: "Asks to move an environment's pointer or a model's alias; evidence is computed at once.",
  tag: "changes",
  status: 201,
  body: z
    .strictObject({
      workspace: WorkspaceName,
      feature: ColumnName.optional().describe("The feature whose pointer is to move; or say `model`."),
      model: ModelName.optional().describe("The model whose alias is to move; or say `feature`."),
      environment: GovernedEnvironment,
      version: VersionNumber.optional().describe(
        "The version to serve: of a feature the one of the environment before (the default), of a model the newest for staging and staging's for production (the default), or one that was served here before.",
      ),
      description: Comment.default("").describe("Why, for the reviewers."),
    })
    .refine(({ feature, model }) => (feature === undefined) !== (model === undefined), {
      error: "expected either a feature or a model",
      path: ["feature"],
    }),
  response: Change,
});

export const getChange = operation({
  id: "getChange",
  method: "GET",
  path: "/api/v1/changes/{changeId}",
  summary: "One change request with its evidence, reviews and what the caller may do.",
  ...address,
});

export const reviewChange = operation({
  id: "reviewChange",
  method: "POST",
  path: "/api/v1/changes/{changeId}/reviews",
  summary: "Approves, asks for changes, rejects or comments.",
  ...address,
  status: 201,
  body: z.strictObject({
    decision: Decision,
    comment: Comment.default("").describe("Why. Needed to ask for changes, to reject and to comment."),
    digest: z
      .string()
      .optional()
      .describe("Digest of the revision that was looked at; the review is refused when another is current."),
  }),
});

export const applyChange = operation({
  id: "applyChange",
  method: "POST",
  path: "/api/v1/changes/{changeId}/apply",
  summary: "Moves the pointer, or answers 409 when it moved since.",
  ...address,
});

export const withdrawChange = operation({
  id: "withdrawChange",
  method: "POST",
  path: "/api/v1/changes/{changeId}/withdraw",
  summary: "Ends the request without effect.",
  ...address,
});

export const rebaseChange = operation({
  id: "rebaseChange",
  method: "POST",
  path: "/api/v1/changes/{changeId}/rebase",
  summary: "Makes a new revision on what the pointer names now; earlier approvals no longer count.",
  ...address,
});

const Served = z.number().int().nullable();

export const ChangeCandidate = z
  .object({
    feature: ColumnName.nullable().describe("The feature; null for a model."),
    model: ModelName.nullable().describe("The model; null for a feature."),
    description: z.string().describe("What it is."),
    versions: z.array(z.number().int()).describe("All versions, newest first."),
    serves: z
      .object({
        dev: Served.describe("Version that dev serves, of a model the newest; null for none."),
        staging: Served.describe("Version that staging serves; null for none."),
        production: Served.describe("Version that production serves; null for none."),
      })
      .describe("What the environments serve."),
    open: z
      .object({
        staging: Served.describe("Number of the open request for staging; null for none."),
        production: Served.describe("Number of the open request for production; null for none."),
      })
      .describe("Requests that are open."),
  })
  .meta({ id: "ChangeCandidate", description: "A feature or model that could be promoted." });
export type ChangeCandidate = z.infer<typeof ChangeCandidate>;

export const listChangeCandidates = operation({
  id: "listChangeCandidates",
  method: "GET",
  path: "/api/v1/changes/candidates",
  summary: "Features and models with what each environment serves, to see what can be promoted.",
  tag: "changes",
  query: z.object({ workspace: WorkspaceName }),
  response: listOf(ChangeCandidate, "candidates").meta({
    id: "ChangeCandidateList",
    description: "Features and models that could be promoted.",
  }),
});

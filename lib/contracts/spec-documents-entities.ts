import { z } from "zod";
import { columnType, compact, documented, fields, name, nonEmpty, unique } from "./spec-documents-fields";

export const WorkspaceSchema = fields({
  kind: z.literal("Workspace"),
  name: name.meta({ description: "Its name; it stands in the address of every page." }),
  title: z.string().trim().nullish().meta({ description: "What people read instead of the name." }),
  description: z.string().trim().nullish().meta({ description: "What the workspace is for." }),
  defaultSplit: name.nullish().meta({ description: "The split policy that plans and pages use where none is named." }),
  testBudget: fields({
    scorings: z
      .int()
      .min(1)
      .meta({ description: "How often the same test rows may be scored, by whichever models.", examples: [20] }),
    check: z.enum(["soft", "hard"]).nullish().meta({
      description:
        "What more scorings do to a promotion to production: ask its reviewers to look, or keep it from being applied.",
      default: "soft",
    }),
  })
    .transform((value) => compact(value, { check: "soft" }))
    .nullish()
    .meta({ description: "A budget for test rows: choices adapt to rows that are scored again and again." }),
}).transform((value) => compact(value));

export const EntitySchema = fields({
  kind: z.literal("Entity"),
  name: name.meta({ description: "Its name; columns are named `entity.column`." }),
  ...documented,
  joinKeys: nonEmpty(
    unique(
      fields({ name: name.meta({ description: "The column." }), type: columnType.meta({ description: "Its type." }) }),
      (key) => key.name,
    ),
    "join key",
  ).meta({ description: "The columns that tell one from another; values are asked for by them." }),
  eventTime: name.nullish().meta({
    description:
      "The column with the moment from which a row's values are known. Rows of an entity without one are valid at all times.",
  }),
  relations: unique(
    fields({
      name: name.meta({ description: "The name that `via` of a stage uses." }),
      entity: name.meta({ description: "The entity it leads to." }),
      by: name.meta({ description: "The column of this entity that holds the other's join key." }),
    }),
    (relation) => relation.name,
  )
    .nullish()
    .meta({ description: "Ways to other entities." }),
}).transform((value) => compact(value));

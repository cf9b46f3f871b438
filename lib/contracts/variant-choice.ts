import { ENGINE_NAMES } from "@/lib/domain/definitions/engine-name";
import { z } from "zod";

/** How a caller names one variant of a pipeline: members of a request body. */
export const VariantChoice = z.object({
  pipeline: z.string().min(1).describe("Name of the pipeline."),
  pins: z
    .record(z.string(), z.string())
    .optional()
    .describe("Column → the stage that must write it; added to the pipeline's own pins, and stronger than they are."),
  variant: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe("Which variant under these pins, counted from 0 in declaration order; the first when left out."),
  engine: z
    .enum(ENGINE_NAMES, { error: `expected one of ${ENGINE_NAMES.join(", ")}` })
    .optional()
    .describe(
      "Engine that runs it; `local` when left out. A plan's `engines` says which are offered and what each cannot run.",
    ),
});

import { z } from "zod";

export const PermutationImportance = z
  .union([
    z.object({
      metric: z.string().describe("The metric that is compared."),
      part: z.string().describe("Part whose rows were shuffled."),
      rows: z.number().describe("How many of them: all, or a sample."),
      repeats: z.number().int().describe("Times that every input was shuffled."),
      seed: z.number().int().describe("Seed of the sample and of the shuffles."),
      score: z.number().describe("The metric on these rows before anything was shuffled."),
      inputs: z
        .array(
          z.object({
            feature: z
              .string()
              .describe("The column behind the input; all components of a vector are shuffled together."),
            value: z.number().describe("Mean loss of the metric; above 0 where it is worse without the input."),
            deviation: z.number().describe("Standard deviation over the shuffles."),
          }),
        )
        .describe("The heaviest first."),
    }),
    z.object({ reason: z.string().describe("Why there is none, as a sentence.") }),
  ])
  .meta({
    id: "PermutationImportance",
    description: "What the score loses when an input is shuffled among the validation rows.",
  });
export type PermutationImportance = z.infer<typeof PermutationImportance>;

import { z } from "zod";
import { ColumnName } from "./operation";

const Ends = z.tuple([z.number(), z.number()]);

export const Slice = z
  .object({
    kind: z
      .enum(["value", "range", "other", "missing"])
      .describe("Rows with one value, rows between edges, rows of all rarer values, or rows without a value."),
    name: z.string().describe("The value, the range, or what the rest is called."),
    metrics: z.record(z.string(), z.number()).describe("Metric → value on these rows; `rows` are those judged."),
    intervals: z.record(z.string(), Ends).describe("Metric → its 95 % confidence interval, where one is standard."),
    differences: z
      .record(
        z.string(),
        z.object({
          value: z.number().describe("The slice's metric minus that of all rows of the part."),
          interval: Ends.nullable().describe("Its 95 % confidence interval; null where too few rows tell one."),
        }),
      )
      .describe("Metric → how far the slice is from the whole."),
  })
  .meta({ id: "Slice", description: "Rows of a part that have something in common, judged by themselves." });
export type Slice = z.infer<typeof Slice>;

export const SlicedFeature = z
  .object({
    feature: ColumnName,
    edges: z
      .array(z.number())
      .nullable()
      .describe("Edges of ranges, rising; a range has its upper edge. Null where rows are sliced by value."),
    edgesOf: z
      .string()
      .nullable()
      .describe("Part whose quartiles the edges are; `judged` for those of all judged rows; null without edges."),
    parts: z.record(z.string(), z.array(Slice)).describe("Part → its slices."),
  })
  .meta({ id: "SlicedFeature", description: "The rows of a part, cut by the values of one feature." });
export type SlicedFeature = z.infer<typeof SlicedFeature>;

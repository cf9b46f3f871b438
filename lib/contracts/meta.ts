import { z } from "zod";

export const Meta = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .describe("Free keys and values, as declared.");

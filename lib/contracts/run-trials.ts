import { z } from "zod";

export const TrialParams = z
  .record(z.string(), z.record(z.string(), z.unknown()))
  .describe("Stage → parameter → value.");

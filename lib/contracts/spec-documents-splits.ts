import { z } from "zod";
import { compact, documented, fields, instant, name, nonEmpty, says } from "./spec-documents-fields";

const timePart = z
  .tuple([instant, instant], { error: says("must be a pair", "[from, to)") })
  .refine(([from, to]) => from === null || to === null || Date.parse(from) < Date.parse(to), {
    error: says("ends before it begins", "[from, to) with from before to"),
  });

const bucketRange = z
  .tuple([z.int().min(0), z.int().min(0)], { error: says("must be a pair", "[from, to)") })
  .refine(([from, to]) => from < to, { error: says("is empty", "[from, to) with from below to") });

const someParts = <Part extends z.ZodType>(part: Part) =>
  z.record(name, part).refine((parts) => Object.keys(parts).length > 0, {
    error: says("is empty", "at least one part"),
  });

export const TimeSplitSchema = fields({
  kind: z.literal("SplitPolicy"),
  name: name.meta({ description: "Its name." }),
  ...documented,
  type: z.literal("time").meta({ description: "By a moment of the row." }),
  column: name.meta({ description: "The column with the moment." }),
  parts: someParts(timePart).meta({
    description: "Part → [from, to), instants; null is unbounded.",
    examples: [{ train: [null, "2001-05-01"], test: ["2001-05-01", null] }],
  }),
}).transform((value) => compact(value));

export const HashSplitSchema = fields({
  kind: z.literal("SplitPolicy"),
  name: name.meta({ description: "Its name." }),
  ...documented,
  type: z.literal("hash").meta({ description: "By a hash of a key: one key is always in one part." }),
  algo: z.literal("md5-32").meta({ description: "The first 32 bits of MD5 of salt and key." }),
  key: name.meta({ description: "The column that is hashed." }),
  salt: z.string().meta({ description: "Before the key; another salt is another split." }),
  buckets: z.int().min(2).meta({ description: "Buckets that hashes fall into." }),
  parts: someParts(nonEmpty(z.array(bucketRange), "[from, to)")).meta({
    description: "Part → ranges of buckets, [from, to).",
    examples: [{ train: [[0, 80]], test: [[80, 100]] }],
  }),
}).transform((value) => ({ ...compact(value), salt: value.salt }));

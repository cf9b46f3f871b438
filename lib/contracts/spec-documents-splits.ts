import { z } from "zod";
import { GROUP_BUCKETS } from "@/lib/domain/definitions/split-rule";
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

const head = {
  kind: z.literal("SplitPolicy"),
  name: name.meta({ description: "Its name." }),
  ...documented,
};

/** Also of documents of a type that does not exist, or of none. */
export const TimeSplitSchema = fields({
  ...head,
  type: z
    .literal("time", {
      error: says("is not a type of split policy", "one of time, hash, group, random, stratified, kfold"),
    })
    .meta({ description: "By a moment of the row." }),
  column: name.meta({ description: "The column with the moment." }),
  parts: someParts(timePart).meta({
    description: "Part → [from, to), instants; null is unbounded.",
    examples: [{ train: [null, "2001-05-01"], test: ["2001-05-01", null] }],
  }),
}).transform((value) => compact(value));

export const HashSplitSchema = fields({
  ...head,
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

/** The sum of shares may differ from 1 by binary fractions only. */
const SAME = 1e-9;

/** Whether a share is a whole number of buckets of a group policy. */
function isWhole(share: number): boolean {
  return Math.abs(share * GROUP_BUCKETS - Math.round(share * GROUP_BUCKETS)) < SAME * GROUP_BUCKETS;
}

const WHOLE = says("has more than four decimals", "a whole number of ten-thousandths such as 0.8 or 0.3333");

const share = z
  .number({ error: says("must be a number", "a share of the rows such as 0.8") })
  .gt(0, { error: says("is no share", "a number above 0") })
  .max(1, { error: says("is no share", "a number of at most 1") });

const shares = someParts(share).superRefine((parts, context) => {
  const sum = Object.values(parts).reduce((total, one) => total + one, 0);
  if (Math.abs(sum - 1) > SAME)
    context.addIssue({
      code: "custom",
      message: says(
        `sums to ${Number(sum.toPrecision(12))}, so ${sum > 1 ? "rows would be in two parts" : "some rows would be in none"}`,
        "shares that sum to 1",
      ),
    });
});

const drawn = {
  source: name.meta({ description: "The source whose rows are assigned, by its row key." }),
  seed: z
    .int({ error: says("must be a whole number", "a seed such as 7") })
    .meta({ description: "Rows are ranked by a hash of seed and row key; another seed is another assignment." }),
};

const hashed = {
  key: name.meta({ description: "The column with the group: all rows of one group are in one part." }),
  salt: z
    .string({ error: says("must be a text", 'a text such as "1"') })
    .meta({ description: "Before the key; another salt is another split." }),
};

export const GroupSplitSchema = fields({
  ...head,
  type: z.literal("group").meta({ description: "By a hash of a group, such as a customer or a household." }),
  ...hashed,
  parts: shares
    .superRefine((parts, context) => {
      for (const [part, one] of Object.entries(parts))
        if (!isWhole(one)) context.addIssue({ code: "custom", path: [part], message: WHOLE });
    })
    .meta({
      description: "Part → share of the groups, in whole ten-thousandths; they sum to 1.",
      examples: [{ train: 0.8, test: 0.2 }],
    }),
}).transform((value) => ({ ...compact(value), salt: value.salt }));

export const RandomSplitSchema = fields({
  ...head,
  type: z.literal("random").meta({ description: "Rows drawn at random; every run keeps the assignment." }),
  ...drawn,
  parts: shares.meta({
    description: "Part → share of the rows; they sum to 1.",
    examples: [{ train: 0.6, validation: 0.2, test: 0.2 }],
  }),
}).transform((value) => compact(value));

export const StratifiedSplitSchema = fields({
  ...head,
  type: z.literal("stratified").meta({ description: "Rows drawn at random within each value of a column." }),
  ...drawn,
  stratify: name.meta({ description: "The column of the source whose values have equal shares in every part." }),
  parts: shares.meta({
    description: "Part → share of the rows of each value; they sum to 1.",
    examples: [{ train: 0.8, test: 0.2 }],
  }),
}).transform((value) => compact(value));

const FOLDS_BY = "either `key` and `salt`, or `source` and `seed`";

export const KfoldSplitSchema = fields({
  ...head,
  type: z.literal("kfold").meta({ description: "Folds of equal shares for cross-validation: parts fold_0, fold_1 …" }),
  folds: z
    .int({ error: says("must be a whole number", "a number of folds such as 5") })
    .min(2, { error: says("is too few", "at least 2 folds") })
    .max(100, { error: says("is too many", "at most 100 folds") })
    .meta({ description: "How many." }),
  test: share
    .lt(1, { error: says("leaves nothing for the folds", "a number below 1") })
    .nullish()
    .meta({ description: "Share that is held out as part `test`, which no fold has.", examples: [0.2] }),
  key: hashed.key
    .nullish()
    .meta({ description: "Folds by a hash of this column, with `salt`: a group is in one fold." }),
  salt: hashed.salt.nullish(),
  source: drawn.source.nullish().meta({ description: "Folds of this source's rows, with `seed`: drawn at random." }),
  seed: drawn.seed.nullish(),
  stratify: name
    .nullish()
    .meta({ description: "With `source`: the column whose values have equal shares in every fold." }),
})
  .superRefine(({ key, salt, source, seed, stratify, test }, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    const isHashed = (key ?? null) !== null;
    if (isHashed === ((source ?? null) !== null))
      return issue(isHashed ? "source" : "key", says(isHashed ? "says a second time how rows get their fold" : "is missing", FOLDS_BY)); // prettier-ignore
    if (isHashed) {
      if ((salt ?? null) === null) issue("salt", says("is missing", 'a text such as "1"'));
      if ((seed ?? null) !== null) issue("seed", says("says nothing of a hash", "no such member, or `source`"));
      if (stratify) issue("stratify", says("says nothing of a hash", "no such member, or `source` and `seed`"));
      if (test && !isWhole(test)) issue("test", WHOLE);
    } else {
      if ((seed ?? null) === null) issue("seed", says("is missing", "a seed such as 7"));
      if ((salt ?? null) !== null) issue("salt", says("says nothing of drawn rows", "no such member, or `key`"));
    }
  })
  .transform((value) => ({ ...compact(value), ...(value.key && { salt: value.salt ?? "" }) }));

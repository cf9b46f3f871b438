import { z } from "zod";
import type { StageTest, TestRow, TestValue } from "@/lib/domain/definitions/stage-test";
import { compact, fields, name, nonEmpty, says, text } from "./spec-documents-fields";

const word = (value: number) => (Number.isFinite(value) ? value : String(value));
const cell = z.union([z.string(), z.number().transform(word), z.nan().transform(String), z.null()]);

/** JSON has no NaN and no infinities; in a spec they are words. */
const testValue = z.union([z.boolean(), cell, z.array(cell)], {
  error: says("is not a value", "true, false, a number, a text, null or a list of numbers or texts"),
}) satisfies z.ZodType<TestValue>;

const rows = z.array(z.record(name, testValue));

/** Rows of the entity that the stage reads, or of several by name. */
const rowsByEntity = z.union([rows, z.record(name, rows)], {
  error: says("must be rows", "a list of { column: value }, or { ENTITY: [{ column: value }] }"),
});

export const StageTestSchema = fields({
  name: text((value) => value.trim() !== "", "is empty", "what the test shows").meta({
    description: "What the test shows.",
  }),
  rows: rowsByEntity.meta({
    description: "Rows in: a list of { column: value } of the entity that the stage reads, or { ENTITY: rows }.",
  }),
  fit: rowsByEntity.nullish().meta({ description: "Rows that an estimator is fitted on first." }),
  expect: nonEmpty(rows, "row").nullish().meta({ description: "Rows out, in any order; this or `error`." }),
  tolerance: z
    .number()
    .min(0, { error: says("is negative", "0 or more") })
    .nullish()
    .meta({ description: "How far numbers may be from those expected." }),
  error: z
    .string()
    .trim()
    .nullish()
    .meta({ description: "A part of the message by which the stage refuses the rows." }),
}).superRefine((test, context) => {
  if (!test.expect === !test.error)
    context.addIssue({
      code: "custom",
      message: says("must say what comes out, or how the stage refuses", "expect or error, one of them"),
    });
});

/** A list of rows is of the entity that the stage reads. */
export function placeTestRows(test: z.output<typeof StageTestSchema>, reader: string): StageTest {
  const place = (given: TestRow[] | Record<string, TestRow[]>) => (Array.isArray(given) ? { [reader]: given } : given);
  const { rows: given, fit, expect, tolerance, error, ...rest } = test;
  return {
    ...rest,
    rows: place(given),
    ...compact({
      fit: fit ? place(fit) : undefined,
      expect: expect ?? undefined,
      tolerance: tolerance ?? undefined,
      error: error ?? undefined,
    }),
  };
}

import { isLosslessNumber } from "lossless-json";
import { z } from "zod";
import { exactMicros } from "@/lib/domain/instant";
import { BOUNDARIES, KNOWLEDGE } from "@/lib/domain/joins/point-in-time";
import { operation } from "./operation";

const INSTANT = "an ISO date or instant such as 2024-05-01T12:00:00Z or 2024-05-01T14:00:00.123456+02:00";

/** Microseconds since 1970. */
const Moment = z.string({ error: `expected ${INSTANT}` }).transform((text, context) => {
  const micros = exactMicros(text);
  if (micros !== null) return micros;
  context.addIssue(`expected ${INSTANT}, to the microsecond at most, and found ${JSON.stringify(text)}`);
  return z.NEVER;
});

/** Also of digits that no number holds as they are written, such as 7200.0. */
const toNumber = (value: unknown) =>
  isLosslessNumber(value) || typeof value === "bigint" ? Number(String(value)) : value;
const MOST_SECONDS = 1e12;
const Seconds = z
  .preprocess(
    toNumber,
    z
      .number({ error: "expected a number of seconds" })
      .min(0, { error: "expected seconds of 0 or more" })
      .max(MOST_SECONDS, { error: `expected at most ${MOST_SECONDS} seconds` })
      .refine((seconds) => Number(seconds.toFixed(6)) === seconds, {
        error: "expected seconds with at most six decimals",
      }),
  )
  .transform((seconds) => BigInt(Math.round(seconds * 1e6)));

/** Entities are equal when their JSON values are: 1 and "1" are two. */
const EntityKey = z
  .union([z.string(), z.number().int(), z.bigint(), z.boolean(), z.null()], {
    error: "expected a text, an integer, true, false or null",
  })
  .transform((value) => (value === null ? null : `${typeof value === "string" ? "text" : "other"} ${String(value)}`));

/** Any JSON value, but not nothing. */
const Given = z.unknown().refine((value) => value !== undefined, { error: "expected a JSON value; null is one" });

const SpineRow = z
  .strictObject({
    id: Given.describe("What the answer calls the row; it need not be unique."),
    entity: EntityKey.describe("Whose values are asked for; null has none."),
    t: Moment.describe("As of when, ISO; without an offset in UTC."),
  })
  .meta({ id: "JoinSpineRow", description: "One question: the values of an entity at a moment." });

const ViewRow = z
  .strictObject({
    entity: EntityKey.describe("Whose value it is; null is nobody's."),
    event_ts: Moment.describe("From when the value holds, ISO; without an offset in UTC."),
    created_ts: Moment.nullish().describe("When it became known; its event time when left out or null."),
    value: Given.describe("Any JSON value; the answer has it digit by digit."),
  })
  .meta({ id: "JoinViewRow", description: "A value of an entity." });

/** Members of a spine row, which the answer's rows begin with. */
const SPINE_NAMES: ReadonlySet<string> = new Set(Object.keys(SpineRow.shape));

const View = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(200)
      .refine((name) => !SPINE_NAMES.has(name), {
        error: `expected another name than a spine row's own members: ${[...SPINE_NAMES].join(", ")}`,
      })
      .refine((name) => name !== "__proto__", { error: "expected another name" })
      .describe("Member of the answer's rows that has its values."),
    rows: z.array(ViewRow).describe("In the order in which they came in: of equal times, the last counts."),
    ttlSeconds: Seconds.nullish().describe("How old a row may be at most; null or 0 is any age."),
    delaySeconds: Seconds.nullish().describe("How long after its event time a row is seen."),
    boundary: z.enum(BOUNDARIES).default("inclusive").describe("Whether a row whose moment is exactly `t` is seen."),
    knowledge: z
      .enum(KNOWLEDGE)
      .default("event")
      .describe("`created` sees no row before its `created_ts`, so that late corrections do not leak backwards."),
  })
  .meta({ id: "JoinView", description: "Rows that are joined as of each spine row's moment." });

const MOST_VALUES = 2_000_000;

export const JoinPreviewRequest = z
  .strictObject({
    // A case is sent as a whole by whoever has the file.
    name: z.string().optional().describe("Ignored: what a case is called."),
    kind: z.literal("asof", { error: "expected asof" }).optional().describe("The kind of case: asof."),
    note: z.string().optional().describe("Ignored."),
    expected: z.unknown().optional().describe("Ignored: what a case expects."),
    spine: z.array(SpineRow).describe("What is asked for. Order and repeated rows are kept."),
    views: z.array(View).describe("Where the values are; each view is joined on its own."),
  })
  .superRefine(({ spine, views }, context) => {
    const names = views.map(({ name }) => name);
    names.forEach((name, at) => {
      if (names.indexOf(name) < at)
        context.addIssue({ code: "custom", path: ["views", at, "name"], message: `expected names that differ: views ${names.indexOf(name)} and ${at} are both ${JSON.stringify(name)}` }); // prettier-ignore
    });
    if (spine.length * views.length > MOST_VALUES)
      context.addIssue({ code: "custom", path: ["views"], message: `expected at most ${MOST_VALUES.toLocaleString("en")} values in the answer: ${spine.length} spine rows × ${views.length} views are more` }); // prettier-ignore
  })
  .meta({ id: "JoinPreviewRequest", description: "A spine and views, as in a case of point-in-time joins." });

export const JoinPreview = z
  .object({
    rows: z
      .array(z.record(z.string(), z.unknown()))
      .describe(
        "One for each spine row, in its order: `id`, and the value of each view under its name, null for none.",
      ),
  })
  .meta({ id: "JoinPreview", description: "What each spine row sees of each view." });

export const previewJoins = operation({
  id: "previewJoins",
  method: "POST",
  path: "/api/v1/joins/preview",
  summary: "Joins rows of a request point-in-time: for CI, and to try the rules.",
  tag: "joins",
  body: JoinPreviewRequest,
  response: JoinPreview,
});

import { z } from "zod";

const WHEN = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** A moment that a person writes: a date, or an instant that is UTC unless it says otherwise. Parsed to an ISO instant. */
export const When = z.string().transform((text, context) => {
  const zoned = /(Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes(":") ? text : `${text}Z`;
  const at = WHEN.test(text) ? Date.parse(zoned) : NaN;
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  context.addIssue({
    code: "custom",
    message: "expected a date or an instant in UTC, such as 2001-06-01 or 2001-06-01T06:00:00Z",
    input: text,
  });
  return z.NEVER;
});

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Instant } from "./operation";
import { logPredictions } from "./outcomes";

describe("an instant", () => {
  it.each([
    ["2001-07-02T00:00:00Z", "2001-07-02T00:00:00Z"],
    ["2001-07-02T00:00:00.120Z", "2001-07-02T00:00:00.120Z"],
    ["2001-07-02T00:00:00+00:00", "2001-07-02T00:00:00.000Z"],
    ["2001-07-02T02:00:00-05:30", "2001-07-02T07:30:00.000Z"],
    ["2001-01-01T01:00:00.123456+02:00", "2000-12-31T23:00:00.123456Z"],
    ["1969-12-31T23:59:59.999999-00:00", "1969-12-31T23:59:59.999999Z"],
  ])("takes %s as %s", (text, instant) => expect(Instant.parse(text)).toBe(instant));

  it.each([
    "2001-07-02",
    "2001-07-02T00:00:00",
    "2001-02-30T00:00:00Z",
    "2001-07-02T24:00:00Z",
    "2001-07-02T00:00:00+25:00",
    "now",
    "",
  ])("refuses %j and says what is expected", (text) =>
    expect(Instant.safeParse(text).error?.issues[0]?.message).toContain("2001-06-01T08:00:00+02:00"),
  );

  it("with an offset is the moment that a clock there shows", () => {
    const date = fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(date, fc.integer({ min: -14 * 60, max: 14 * 60 }), (at, minutes) => {
        const there = new Date(at.getTime() + minutes * 60_000).toISOString().slice(0, -1);
        const pad = (value: number) => String(value).padStart(2, "0");
        const size = Math.abs(minutes);
        const offset = `${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
        expect(Instant.parse(`${there}${offset}`)).toBe(at.toISOString());
      }),
    );
  });

  it("with an offset is accepted in a logged prediction", () => {
    const body: unknown = JSON.parse(readFileSync("test/fixtures/requests/offset-instant.json", "utf8"));
    expect(logPredictions.body.parse(body).predictions[0]?.at).toBe("2001-07-02T00:00:00.000Z");
  });
});

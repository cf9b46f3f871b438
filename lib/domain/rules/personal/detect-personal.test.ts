import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDayOfYear, passesIban, passesLuhn } from "./check-digits";
import { detectPersonal, maskValue, type PersonalKind } from "./detect-personal";
import { personalName } from "./personal-name";

const kindsIn = (...values: string[]) => detectPersonal(values).map(({ kind }) => kind);

describe("detectPersonal", () => {
  it.each<[PersonalKind, string]>([
    ["email", "ada@example.org"],
    ["email", "write to Jürgen.Weiß+x@post.münchen.example, please"],
    ["phone", "+45 33 12 34 56"],
    ["phone", "call +1 (212) 555-0199 now"],
    ["phone", "(212) 555-0199"],
    ["phone", "212-555-0199"],
    ["card", "4111 1111 1111 1111"],
    ["card", "5555-5555-5555-4444"],
    ["card", "378282246310005"],
    ["iban", "DE89 3704 0044 0532 0130 00"],
    ["iban", "GB29NWBK60161331926819"],
    ["us_ssn", "219-09-9999"],
    ["uk_nino", "AB 12 34 56 C"],
    ["dk_cpr", "070761-4285"],
    ["se_personnummer", "811228-9874"],
    ["no_fodselsnummer", "01010123476"],
    ["fi_hetu", "131052-308T"],
    ["es_dni", "12345678Z"],
    ["es_dni", "X1234567L"],
    ["fr_nir", "2 55 08 14 168 025 38"],
  ])("finds %s in %s", (kind, value) => {
    expect(kindsIn(value)).toContain(kind);
  }); // prettier-ignore

  it.each<[string, string[]]>([
    ["codes of airports", ["ATL", "ORD", "DFW"]],
    ["dates", ["2001-01-01", "2001-12-31 23:59:59", "01/02/2001", "20010101"]],
    ["instants", ["2001-01-01T00:00:00.000Z", "2001-06-30T23:59:59+02:00"]],
    ["money and numbers", ["1,234.56", "-12.5", "1e10", "3.14159265358979"]],
    ["addresses of machines", ["192.168.10.1", "10.0.0.255"]],
    ["names at a place that is no host", ["user@localhost", "@handle", "a@b"]],
    ["a card number of zeros", ["0000 0000 0000 0000"]],
    ["an account whose check digits are wrong", ["DE88 3704 0044 0532 0130 00"]],
    ["social security numbers that are never given out", ["000-12-3456", "666-12-3456", "912-12-3456", "123-00-4567", "123-45-0000"]],
    ["prefixes that are never given out", ["GB123456A", "QQ123456C"]],
    ["a day that no month has", ["310299-1234", "001361-4285"]],
    ["hashes and UUIDs", ["5f4dcc3b5aa765d61d8327deb882cf99", "018f3c1e-7b1d-7cc1-9f0e-2b1d7cc19f0e"]],
    ["versions", ["1.2.3", "v10.20.30-rc.1"]],
  ])("finds nothing in %s", (_, values) => {
    expect(kindsIn(...values)).toEqual([]);
  }); // prettier-ignore

  it("does not take identifiers of sixteen digits for cards because every tenth passes", () => {
    const ids = Array.from({ length: 1000 }, (_, at) => String(4_000_000_000_000_000 + at * 7919));
    expect(ids.some(passesLuhn)).toBe(true);
    expect(kindsIn(...ids)).not.toContain("card");
  });

  it("does not take identifiers of ten digits for Danes because some begin with a date", () => {
    const ids = Array.from({ length: 1000 }, (_, at) => String(1_000_000_000 + at * 7_654_321).slice(0, 10));
    expect(kindsIn(...ids)).not.toContain("dk_cpr");
  });

  it("counts values and shows only masks", () => {
    const [found] = detectPersonal(["ada@example.org", "x", "bram@example.org", "ada@example.org"]);
    expect(found).toEqual({ kind: "email", values: 3, examples: ["axx@xxxxxxx.xxx", "bxxx@xxxxxxx.xxx"] });
  });

  it("takes time in proportion to a hostile text", () => {
    const began = performance.now();
    detectPersonal(["a.".repeat(5000), `${"1-".repeat(5000)}`, `+1${" 1".repeat(5000)}`, "a@".repeat(5000)]);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe("passesLuhn", () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 18 }).map((all) => all.join(""));
  const completed = digits.map((body) => {
    const check = [..."0123456789"].find((digit) => passesLuhn(body + digit));
    return { body, check };
  });

  it("exactly one check digit completes any number", () => {
    fc.assert(
      fc.property(digits, (body) => {
        expect([..."0123456789"].filter((digit) => passesLuhn(body + digit))).toHaveLength(1);
      }),
    );
  });

  it("sees every single wrong digit", () => {
    fc.assert(
      fc.property(completed, fc.nat(), fc.integer({ min: 1, max: 9 }), ({ body, check }, place, by) => {
        const number = body + check;
        const at = place % number.length;
        const wrong = String((Number(number[at]) + by) % 10);
        expect(passesLuhn(number.slice(0, at) + wrong + number.slice(at + 1))).toBe(false);
      }),
    );
  });

  it("sees two neighbours that changed places, except 0 and 9", () => {
    fc.assert(
      fc.property(completed, fc.nat(), ({ body, check }, place) => {
        const number = body + check;
        const at = place % (number.length - 1);
        const pair = number.slice(at, at + 2);
        fc.pre(pair[0] !== pair[1] && pair !== "09" && pair !== "90");
        expect(passesLuhn(number.slice(0, at) + pair[1] + pair[0] + number.slice(at + 2))).toBe(false);
      }),
    );
  });
});

describe("passesIban", () => {
  it("sees every single wrong digit", () => {
    const iban = "DE89370400440532013000";
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 21 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const wrong = String((Number(iban[at]) + by) % 10);
        expect(passesIban(iban.slice(0, at) + wrong + iban.slice(at + 1))).toBe(false);
      }),
    );
  });
});

describe("isDayOfYear", () => {
  it.each([["29", "02", true], ["30", "02", false], ["31", "04", false], ["00", "01", false], ["01", "13", false]])(
    "%s of month %s: %s",
    (day, month, is) => {
      expect(isDayOfYear(day, month)).toBe(is);
    },
  ); // prettier-ignore
});

describe("maskValue", () => {
  it("keeps neither digits nor letters but the first, whatever the value is", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (value) => {
        const masked = maskValue(value);
        expect(masked.length).toBeLessThanOrEqual(24);
        expect([...masked].slice(1).join("")).not.toMatch(/[\p{N}](?<!0)|\p{L}(?<!x)/u);
      }),
    );
  });
});

describe("personalName", () => {
  it.each([
    ["email", "string"],
    ["customerEmail", "string"],
    ["phone_number", "string"],
    ["ssn", "bigint"],
    ["date_of_birth", "date"],
    ["LastName", "string"],
  ] as const)("knows %s", (name, type) => {
    expect(personalName(name, type)).not.toBeNull();
  });

  it.each([
    ["email_count", "bigint"],
    ["has_phone", "string"],
    ["PhoneService", "string"],
    ["email", "boolean"],
    ["name", "string"],
    ["number_of_phone_calls", "bigint"],
    ["microphone", "string"],
    ["email_open_rate", "double"],
  ] as const)("leaves %s alone", (name, type) => {
    expect(personalName(name, type)).toBeNull();
  });
});

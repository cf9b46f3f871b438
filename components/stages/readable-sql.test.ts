import { describe, expect, it } from "vitest";
import { readableSql } from "./readable-sql";

const bare = (text: string) => text.replace(/\s+/g, "");

describe("readableSql", () => {
  it("leaves a short expression alone", () => {
    expect(readableSql("coalesce(a, 1.5)")).toBe("coalesce(a, 1.5)");
  });

  it("puts branches below each other by depth", () => {
    const tree = `CASE WHEN "flight.hour" <= 11.5 THEN CASE WHEN "distance" <= 250 THEN 0.12 ELSE 0.18 END ELSE CASE WHEN "x" <= 3 THEN 0.3 ELSE 0.4 END END`;
    expect(readableSql(tree)).toBe(
      [
        "CASE",
        '  WHEN "flight.hour" <= 11.5 THEN CASE',
        '    WHEN "distance" <= 250 THEN 0.12',
        "    ELSE 0.18",
        "  END",
        "  ELSE CASE",
        '    WHEN "x" <= 3 THEN 0.3',
        "    ELSE 0.4",
        "  END",
        "END",
      ].join("\n"),
    );
  });

  it("breaks long sums, and changes nothing but white space", () => {
    const sum = Array.from({ length: 30 }, (_, index) => `0.123456 * "column_${index}"`).join(" + ");
    const lines = readableSql(sum).split("\n");
    expect(lines.length).toBeGreaterThan(5);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(130);
    expect(bare(lines.join(""))).toBe(bare(sum));
  });

  it("does not look into texts and quoted names", () => {
    const tricky = `CASE WHEN name = 'WHEN   it''s END' THEN "ELSE  x" ELSE 'CASE' END || ${"x".repeat(90)}`;
    expect(readableSql(tricky)).toContain("'WHEN   it''s END'");
    expect(readableSql(tricky)).toContain('"ELSE  x"');
  });
});

import type { Paint } from "./print-plan";

/** One thing that was tested. */
export interface TestCase {
  /** The stage, source or pipeline that it is about. */
  subject: string;
  name: string;
  outcome: "passed" | "failed" | "skipped";
  seconds: number;
  /** Why it failed or was skipped, a line each; what was found where it passed. */
  lines: string[];
}

const SHOWN = { passed: ["pass", "green"], failed: ["FAIL", "red"], skipped: ["skip", "yellow"] } as const;

/** Results as text: one line for every test under its subject, and below it what is to be said of it. */
export function printTests(cases: readonly TestCase[], paint: Paint): string {
  const lines: string[] = [];
  for (const [subject, own] of bySubject(cases)) {
    lines.push(paint(subject, "bold"));
    for (const one of own) {
      const [word, colour] = SHOWN[one.outcome];
      lines.push(`  ${paint(word, colour)} ${one.name}`, ...one.lines.map((line) => `       ${line}`));
    }
  }
  const count = (outcome: TestCase["outcome"]) => cases.filter((one) => one.outcome === outcome).length;
  const [failed, skipped] = [count("failed"), count("skipped")];
  const counts = [
    ...(failed > 0 ? [paint(`${failed} failed`, "red")] : []),
    `${count("passed")} passed`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  return [...lines, "", `${counts.join(", ")}.`].join("\n");
}

/** The results as the XML that CI servers read: a suite for each subject. */
export function writeJunit(cases: readonly TestCase[]): string {
  const suites = [...bySubject(cases)].map(([subject, own]) => {
    const count = (outcome: TestCase["outcome"]) => own.filter((one) => one.outcome === outcome).length;
    const seconds = own.reduce((sum, one) => sum + one.seconds, 0).toFixed(3);
    const skipped = count("skipped") > 0 ? ` skipped="${count("skipped")}"` : "";
    return [
      `  <testsuite name="${escape(subject)}" tests="${own.length}" failures="${count("failed")}"${skipped} time="${seconds}">`,
      ...own.map((one) => junitCase(one)),
      "  </testsuite>",
    ].join("\n");
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("\n")}\n</testsuites>\n`;
}

function bySubject(cases: readonly TestCase[]): Map<string, TestCase[]> {
  const found = new Map<string, TestCase[]>();
  for (const one of cases) found.set(one.subject, [...(found.get(one.subject) ?? []), one]);
  return found;
}

function junitCase({ subject, name, outcome, seconds, lines }: TestCase): string {
  const open = `    <testcase classname="${escape(subject)}" name="${escape(name)}" time="${seconds.toFixed(3)}"`;
  const [first = ""] = lines;
  const text = escape(lines.join("\n"));
  if (outcome === "failed")
    return `${open}>\n      <failure message="${escape(first)}">${text}</failure>\n    </testcase>`;
  if (outcome === "skipped") return `${open}>\n      <skipped message="${escape(first)}"/>\n    </testcase>`;
  return lines.length === 0 ? `${open}/>` : `${open}>\n      <system-out>${text}</system-out>\n    </testcase>`;
}

function escape(text: string): string {
  const safe = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  // XML 1.0 has no control characters but tab, line feed and carriage return.
  // eslint-disable-next-line no-control-regex
  return safe.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
}

import type { StageTestResult, TestDifference } from "@/lib/domain/stage-tests/stage-test-result";
import type { Paint } from "./print-plan";

/** Results as text: one line for every test under its stage, and below a failed one what was expected and what was found. */
export function printTests(results: readonly StageTestResult[], paint: Paint): string {
  if (results.length === 0) return "No stage has tests.";
  const lines: string[] = [];
  let stage: string | undefined;
  for (const result of results) {
    if (result.stage !== stage) lines.push(paint((stage = result.stage), "bold"));
    const mark = result.passed ? paint("pass", "green") : paint("FAIL", "red");
    lines.push(`  ${mark} ${result.test}`, ...reasons(result).map((line) => `       ${line}`));
  }
  const failed = results.filter(({ passed }) => !passed).length;
  const passed = `${results.length - failed} passed`;
  lines.push("", failed > 0 ? `${paint(`${failed} failed`, "red")}, ${passed}.` : `${passed}.`);
  return lines.join("\n");
}

/** The results as the XML that CI servers read: a suite for each stage. */
export function writeJunit(results: readonly StageTestResult[]): string {
  const stages = [...new Set(results.map(({ stage }) => stage))];
  const suites = stages.map((stage) => {
    const own = results.filter((result) => result.stage === stage);
    const failures = own.filter(({ passed }) => !passed).length;
    const seconds = own.reduce((sum, result) => sum + result.seconds, 0).toFixed(3);
    return [
      `  <testsuite name="${escape(stage)}" tests="${own.length}" failures="${failures}" time="${seconds}">`,
      ...own.map((result) => junitCase(result)),
      "  </testsuite>",
    ].join("\n");
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("\n")}\n</testsuites>\n`;
}

function junitCase(result: StageTestResult): string {
  const open = `    <testcase classname="${escape(result.stage)}" name="${escape(result.test)}" time="${result.seconds.toFixed(3)}"`;
  if (result.passed) return `${open}/>`;
  const [first = "", ...rest] = reasons(result);
  return `${open}>\n      <failure message="${escape(first)}">${escape([first, ...rest].join("\n"))}</failure>\n    </testcase>`;
}

function reasons({ error, differences }: StageTestResult): string[] {
  return [...(error === null ? [] : [error]), ...differences.map(printDifference)];
}

function printDifference({ row, column, expected, found }: TestDifference): string {
  if (column !== null) return `${row}: ${column} expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`;
  return found === null
    ? `${row}: missing, expected ${JSON.stringify(expected)}`
    : `${row}: unexpected row, found ${JSON.stringify(found)}`;
}

function escape(text: string): string {
  const safe = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  // XML 1.0 has no control characters but tab, line feed and carriage return.
  // eslint-disable-next-line no-control-regex
  return safe.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
}

import type { ModelInputs } from "@/lib/contracts/serving-predictions";

/** What stands for a value that a reader has to know. */
const EXAMPLES: Record<ModelInputs["columns"][number]["type"], string> = {
  boolean: "true",
  bigint: "1",
  double: "1.5",
  string: '"TEXT"',
  date: '"2026-01-31"',
  timestamp: '"2026-01-31T09:00:00Z"',
  vector: "[0.5, 1.5]",
  strings: '["TEXT"]',
};

/** How a request names the version: an alias that it has, or its number where it has none. */
export type AskedVersion = { alias: string } | { version: number };

export function askedVersion(version: number, aliases: readonly string[]): AskedVersion {
  const alias = ["production", "staging"].find((one) => aliases.includes(one));
  return alias === undefined ? { version } : { alias };
}

/** Asks for the prediction of one row, with `$TRIBUTARY_TOKEN` in the environment; what production has online is read there. */
export function predictSnippet(model: string, asked: AskedVersion, inputs: ModelInputs, origin: string): string {
  const values = new Map<string, string>();
  for (const { name, type, keys } of inputs.columns)
    if (keys === null) values.set(name, EXAMPLES[type]);
    else for (const key of keys) if (!values.has(key)) values.set(key, '"KEY"');
  const entities = [...values].map(([name, value]) => `${JSON.stringify(name)}: [${value}]`).join(", ");
  const named = [
    `"model": ${JSON.stringify(model)}`,
    ...Object.entries(asked).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`),
  ];
  return `curl -sS -X POST '${origin}/api/serving/predict' \\
  -H "Authorization: Bearer $TRIBUTARY_TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '{${named.join(", ")}, "entities": {${entities}}}'
`;
}

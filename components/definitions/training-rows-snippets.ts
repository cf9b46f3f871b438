import type { DeclaredDetail } from "@/lib/contracts/definitions";

type SpineKey = NonNullable<DeclaredDetail["spineKeys"]>[number];

const MOMENT = "2024-05-01T12:00:00Z";

const EXAMPLES: Partial<Record<SpineKey["type"], unknown>> = {
  bigint: 1,
  double: 1,
  boolean: true,
  date: "2024-05-01",
  timestamp: MOMENT,
};

/** What to ask for a service's features with: columns of a spine, and the keys that are called otherwise in it. */
function requestOf(service: string, spineKeys: readonly SpineKey[]) {
  const isShared = ({ name, entity }: SpineKey) =>
    spineKeys.some((other) => other.name === name && other.entity !== entity);
  const columnOf = (key: SpineKey) => (isShared(key) ? `${key.entity}_${key.name}` : key.name);
  const columns = spineKeys.map((key) => [columnOf(key), [EXAMPLES[key.type] ?? "KEY"]] as const);
  const shared = spineKeys.filter(isShared).map((key) => [`${key.entity}.${key.name}`, columnOf(key)] as const);
  return {
    feature_service: service,
    entities: { ...Object.fromEntries(columns), event_timestamp: [MOMENT] },
    ...(shared.length > 0 && { keys: Object.fromEntries(shared) }),
  };
}

/** How to get a service's features as of the moments of training rows, with `$TRIBUTARY_TOKEN` in the environment. */
export function trainingRowsSnippets(service: string, spineKeys: readonly SpineKey[], origin: string) {
  const request = requestOf(service, spineKeys);
  const url = `${origin}/api/serving/historical-features`;
  const { entities, keys } = request;
  // A dictionary of lists, texts and numbers is written alike in JSON and Python, but for truth values.
  const python = (value: unknown) => JSON.stringify(value).replaceAll("[true]", "[True]");
  return [
    {
      label: "Python",
      code: `import io
import os

import pandas as pd
import requests

spine = pd.DataFrame(${python(entities)})  # your rows; further columns come back as they are
response = requests.post(
    "${url}",
    headers={"Authorization": f"Bearer {os.environ['TRIBUTARY_TOKEN']}"},
    json={
        "feature_service": "${service}",
        "entities": spine.to_dict("list"),${keys ? `\n        "keys": ${python(keys)},` : ""}
        "format": "parquet",
    },
    timeout=600,
)
response.raise_for_status()
print(pd.read_parquet(io.BytesIO(response.content)))
`,
    },
    {
      // A single quote ends the shell's string: close it, quote one, open it again.
      label: "curl",
      code: `curl -sS --fail-with-body -X POST '${url}' \\
  -H "Authorization: Bearer $TRIBUTARY_TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '${JSON.stringify(request).replaceAll("'", "'\\''")}'
`,
    },
  ];
}

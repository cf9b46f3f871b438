import type { FeatureDetail } from "@/lib/contracts/feature-detail";

/** Code that a reader can run as it stands, with `$TRIBUTARY_TOKEN` in the environment. */
export interface Snippet {
  id: string;
  label: string;
  code: string;
}

interface Request {
  url: string;
  reference: string;
  key: string;
  /** Real values of the key, as JSON literals. */
  literals: string[];
}

/** What to ask the serving endpoint; null when no online view has the feature or no environment serves it. */
function requestOf(feature: FeatureDetail, origin: string): Request | null {
  const view = feature.views.find((candidate) => candidate.online);
  const environment = feature.pointers[0]?.environment;
  const [key] = feature.joinKeys;
  if (!view || !environment || !key) return null;
  const isNumber = key.type === "bigint" || key.type === "double";
  const examples = feature.exampleKeys.length > 0 ? feature.exampleKeys : [isNumber ? "1" : "KEY"];
  return {
    // Production is what the endpoint serves unless told otherwise.
    url: `${origin}/api/serving/get-online-features${environment === "production" ? "" : `?environment=${environment}`}`,
    reference: view.reference,
    key: key.name,
    literals: examples
      .slice(0, 2)
      .map((value) => (isNumber && /^-?\d+(\.\d+)?$/.test(value) ? value : JSON.stringify(value))),
  };
}

/** How to get the feature's values online, in the languages that people use, and offline by SQL. */
export function snippetsFor(feature: FeatureDetail, origin: string): Snippet[] {
  const request = requestOf(feature, origin);
  const online = request
    ? [
        { id: "python", label: "Python", code: python(request) },
        { id: "typescript", label: "TypeScript", code: typescript(request) },
        { id: "curl", label: "curl", code: curl(request) },
        { id: "feast", label: "Feast", code: feast(request, origin) },
      ]
    : [];
  const sql = sqlOf(feature);
  return [
    ...online,
    ...(sql ? [{ id: "sql", label: "SQL", code: sql }] : []),
    ...(request ? [] : [{ id: "view", label: "Put it online", code: viewOf(feature) }]),
  ];
}

function python({ url, reference, key, literals }: Request): string {
  return `import os

import requests

response = requests.post(
    "${url}",
    headers={"Authorization": f"Bearer {os.environ['TRIBUTARY_TOKEN']}"},
    json={
        "features": ["${reference}"],
        "entities": {"${key}": [${literals.join(", ")}]},
    },
    timeout=10,
)
response.raise_for_status()
answer = response.json()
for name, column in zip(answer["metadata"]["feature_names"], answer["results"]):
    print(name, column["values"], column["statuses"])
`;
}

function typescript({ url, reference, key, literals }: Request): string {
  return `const response = await fetch("${url}", {
  method: "POST",
  headers: {
    authorization: \`Bearer \${process.env.TRIBUTARY_TOKEN}\`,
    "content-type": "application/json",
  },
  body: JSON.stringify({
    features: ["${reference}"],
    entities: { ${key}: [${literals.join(", ")}] },
  }),
});
if (!response.ok) throw new Error(await response.text());
const { metadata, results } = await response.json();
metadata.feature_names.forEach((name: string, i: number) => console.log(name, results[i].values, results[i].statuses));
`;
}

function curl({ url, reference, key, literals }: Request): string {
  const body = `{"features": ["${reference}"], "entities": {"${key}": [${literals.join(", ")}]}}`;
  // A single quote ends the shell's string: close it, quote one, open it again.
  return `curl -sS -X POST '${url}' \\
  -H "Authorization: Bearer $TRIBUTARY_TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '${body.replaceAll("'", "'\\''")}'
`;
}

function feast({ reference, key, literals }: Request, origin: string): string {
  return `# feature_store.yaml beside this file:
#   project: tributary
#   provider: local
#   registry: registry.db
#   online_store: { type: remote, path: "${origin}/api/serving" }
from feast import FeatureStore

store = FeatureStore(repo_path=".")
online = store.get_online_features(
    features=["${reference}"],
    entity_rows=[${literals.map((literal) => `{"${key}": ${literal}}`).join(", ")}],
)
print(online.to_dict())
`;
}

/** Offline values by DuckDB, where they were left; null when nothing was computed yet. */
function sqlOf(feature: FeatureDetail): string | null {
  if (!feature.values) return null;
  const { path, column, dataset } = feature.values;
  const file = path.startsWith("npm:") ? `node_modules/${path.slice(4)}` : path;
  const from = file.endsWith(".csv") ? "read_csv" : file.endsWith(".json") ? "read_json" : "read_parquet";
  const isSource = feature.strategies.some((strategy) => strategy.source !== null);
  const keys = isSource
    ? []
    : [...feature.joinKeys.map((key) => key.name), ...(feature.eventTime ? [feature.eventTime] : [])];
  const where = path.startsWith("npm:") ? "the portal's folder" : "the data folder (TRIBUTARY_DATA)";
  return `-- DuckDB, in ${where}: ${dataset}
SELECT ${[...new Set([...keys, column])].map(identifier).join(", ")}
FROM ${from}('${file.replaceAll("'", "''")}')
WHERE ${identifier(column)} IS NOT NULL
LIMIT 10;
`;
}

/** Names with upper case, spaces or SQL's own words need quotes; quoting all would only be harder to read. */
const identifier = (name: string) => (/^[a-z][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

/** A view that would serve the feature: what to add to the specs. */
function viewOf(feature: FeatureDetail): string {
  const existing = feature.views[0];
  const hint = existing
    ? `# The view ${existing.view} has this feature and is offline: set \`online: true\` in it,`
    : "# No view has this feature. Add this document to your specs,";
  return `${hint}
# then \`npx tributary apply DIR\`, and promote the feature.
kind: FeatureView
name: ${existing?.view ?? `${feature.entity}_online`}
entity: ${feature.entity}
features: [${feature.name}]
ttl: 7d
online: true
`;
}

/** Many documents, as a company's first apply has them: for tests and measurements of a large apply. */
const SOURCES = 50;
const COLUMNS = 15;
const STAGES = 1000;
const FEATURES = 1600;
const VIEWS = 250;
const SERVICES = 100;

export type Document = Record<string, unknown> & { kind: string; name: string };

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);

/** Entity, sources, stages over their columns, documented features, views and services: 3,001 documents. `words` describes them. */
export function largeDocuments(words: (at: number) => string): Document[] {
  const owner = (at: number) => `team_${at % 7}`;
  const column = (at: number) => `c${at % (SOURCES * COLUMNS)}`;
  const features = [...numbers(SOURCES * COLUMNS).map(column), ...numbers(STAGES).map((at) => `s${at}`)];
  return [
    { kind: "Entity", name: "item", joinKeys: [{ name: "id", type: "bigint" }] },
    ...numbers(SOURCES).map((at) => ({
      kind: "Source",
      name: `source_${at}`,
      entity: "item",
      format: "csv",
      location: `items_${at}.csv`,
      rowKey: ["id"],
      owner: owner(at),
      description: words(at),
      columns: [
        { name: "id", type: "bigint" },
        ...numbers(COLUMNS).map((of) => ({ name: column(at * COLUMNS + of), type: "double" })),
      ],
    })),
    ...numbers(STAGES).map((at) => ({
      kind: "Stage",
      name: `stage_${at}`,
      entity: "item",
      transformer: "sql",
      owner: owner(at),
      inputs: [`item.${column(at)}`, `item.${column(at * 7 + 1)}`],
      outputs: [{ column: `item.s${at}`, type: "double" }],
      // What it computes, so that a change is a new version.
      params: { statement: `SELECT *, ${column(at)} + ${words(at).length} AS s${at} FROM __THIS__` },
    })),
    ...numbers(FEATURES).map((at) => ({
      kind: "Feature",
      name: `item.${features[at]}`,
      type: "double",
      description: words(at),
      owner: owner(at),
      tags: ["measured"],
    })),
    ...numbers(VIEWS).map((at) => ({
      kind: "FeatureView",
      name: `view_${at}`,
      entity: "item",
      columns: numbers(5).map((of) => `s${(at * 4 + of) % STAGES}`),
      ttl: "30d",
      online: at % 2 === 0,
      description: words(at),
    })),
    ...numbers(SERVICES).map((at) => ({
      kind: "FeatureService",
      name: `service_${at}`,
      features: numbers(5).map((of) => `view_${at}:s${(at * 4 + of) % STAGES}`),
      description: words(at),
    })),
  ];
}

/** A third of the documents says something else, and a third is not there any more: nothing that is left reads what is gone. */
export function mixedDocuments(): Document[] {
  const changed = largeDocuments((at) => (at % 3 === 1 ? "said anew" : ""));
  const isLeft = ({ kind, name }: Document) => {
    const at = Number(/\d+$/.exec(name)?.[0] ?? 0);
    if (kind === "FeatureService") return false;
    if (kind === "FeatureView") return at < 80;
    if (kind === "Stage") return at < 560;
    return kind !== "Feature" || !name.startsWith("item.s") || at < 560;
  };
  return changed.filter(isLeft);
}

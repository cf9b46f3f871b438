/** Names that a spec may use, made of those of files. Pure. */

const MOST_CHARACTERS = 60;

/** `Sepal.Length (cm)` → `sepal_length_cm`; a name that begins with no letter gets `prefix` before it. */
function specName(text: string, prefix: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, MOST_CHARACTERS)
    .replace(/_+$/, "");
  return /^[a-z]/.test(plain) ? plain : `${prefix}${plain === "" ? "" : `_${plain}`}`;
}

/** The same for many, each once: a name that is taken gets a number. */
export function specNames(texts: readonly string[], prefix: string): string[] {
  const taken = new Set<string>();
  return texts.map((text) => {
    const name = specName(text, prefix);
    let unique = name;
    for (let n = 2; taken.has(unique); n++) unique = `${name}_${n}`;
    taken.add(unique);
    return unique;
  });
}

/** What a file is called, without folder, pattern and endings: `data/sales-2024-*.csv.gz` → `sales_2024`. */
export function nameOfLocation(location: string): string {
  const parts = location.replace(/^npm:/, "").split("/").filter(Boolean);
  const telling = parts.filter((part) => !part.includes("=") && /[a-zA-Z]/.test(part.replace(/\*+|\.[a-z]+$/g, "")));
  const last = telling.at(-1) ?? "data";
  return specName(
    last.replace(/(\.(csv|tsv|txt|psv|parquet|pq|json|ndjson|jsonl|arrow|feather|ipc|gz|zst))+$/i, ""),
    "data",
  );
}

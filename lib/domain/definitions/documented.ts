/** What every declared object may carry. */
export interface Documented {
  description?: string;
  owner?: string;
  tags?: string[];
}

export type Meta = Record<string, string | number | boolean>;

/** What features, stages, pipelines, sources and models may carry besides. */
export interface Described extends Documented {
  /** Free keys and values, which decide nothing and are found by search. */
  meta?: Meta;
}

/** Words by which an entry is found: its value, and the filter that names it. */
export function metaWords(meta: Meta = {}): string[] {
  return Object.entries(meta).flatMap(([key, value]) => [String(value), `meta.${key}:${String(value)}`]);
}

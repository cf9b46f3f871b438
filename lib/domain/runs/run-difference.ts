import type { RunEnvironment } from "./run-record";

/** What of a run its results follow from, and the results. */
export interface ComparableRun {
  inputs: readonly { dataset: string; version: number; digest: string }[];
  definitions: readonly { kind: string; name: string; version: number }[];
  /** Column → stage that writes it. */
  choice: Readonly<Record<string, string>>;
  environment: Partial<Record<keyof RunEnvironment, unknown>> | null;
  metrics: Readonly<Record<string, Readonly<Record<string, number>>>> | null;
}

interface RunChange {
  what: string;
  /** Null where one of the two has none. */
  before: string | null;
  after: string | null;
}

export const RUN_CAUSES = ["none", "data", "parameters", "code", "several"] as const;

export interface RunDifference {
  /** To what a difference of the results is to be attributed: the only kind of change there is, or `several`. */
  cause: (typeof RUN_CAUSES)[number];
  data: RunChange[];
  parameters: RunChange[];
  code: RunChange[];
  metrics: { part: string; metric: string; before: number | null; after: number | null }[];
}

/** Words of a document that no value follows from. */
const SAYS_NOTHING = new Set(["Feature", "FeatureView", "FeatureService", "Model", "Monitor", "Workspace"]);
const CODE = ["tributary", "commit", "dirty", "lockfile", "engine", "node", "platform", "threads"] as const;

/** In what the second run differs from the first. */
export function compareRuns(one: ComparableRun, other: ComparableRun): RunDifference {
  const data = changes(one, other, ({ inputs }) =>
    inputs.map(({ dataset, version, digest }) => [dataset, `version ${version}`, digest]),
  );
  const parameters = [
    ...changes(one, other, ({ definitions }) =>
      definitions
        .filter(({ kind }) => !SAYS_NOTHING.has(kind))
        .map(({ kind, name, version }) => [`${kind} ${name}`, `version ${version}`]),
    ),
    ...changes(one, other, ({ choice }) =>
      Object.entries(choice).map(([column, stage]) => [`writer of ${column}`, stage]),
    ),
  ];
  // What one of the two did not record is no difference that anybody knows of.
  const known = CODE.filter((key) => [one, other].every(({ environment }) => (environment?.[key] ?? null) !== null));
  const code = changes(one, other, ({ environment }) => known.map((key) => [key, String(environment?.[key])]));
  const kinds = Object.entries({ data, parameters, code }).filter(([, all]) => all.length > 0);
  const [only] = kinds;
  const cause = kinds.length > 1 ? "several" : only ? (only[0] as RunDifference["cause"]) : "none";
  return { cause, data, parameters, code, metrics: metricsOf(one, other) };
}

type Fact = [what: string, shown: string, identity?: string];

function changes(one: ComparableRun, other: ComparableRun, factsOf: (run: ComparableRun) => Fact[]): RunChange[] {
  const [before, after] = [one, other].map((run) => new Map(factsOf(run).map((fact) => [fact[0], fact])));
  const names = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].sort();
  const identity = (fact: Fact | undefined) => fact && (fact[2] ?? fact[1]);
  return names.flatMap((what): RunChange[] => {
    const [was, is] = [before?.get(what), after?.get(what)];
    return identity(was) === identity(is) ? [] : [{ what, before: was?.[1] ?? null, after: is?.[1] ?? null }];
  });
}

function metricsOf({ metrics: one }: ComparableRun, { metrics: other }: ComparableRun): RunDifference["metrics"] {
  return Object.keys({ ...one, ...other }).flatMap((part) =>
    Object.keys({ ...one?.[part], ...other?.[part] }).map((metric) => ({
      part,
      metric,
      before: one?.[part]?.[metric] ?? null,
      after: other?.[part]?.[metric] ?? null,
    })),
  );
}

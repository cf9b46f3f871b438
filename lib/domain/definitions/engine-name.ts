/** What runs stages: DuckDB and kernels on this machine, or Spark. */
export const ENGINE_NAMES = ["local", "spark"] as const;

export type EngineName = (typeof ENGINE_NAMES)[number];

/** The engine that is meant where none is named. */
export const OWN_ENGINE: EngineName = "local";

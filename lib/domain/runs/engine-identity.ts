/** What a fit remembers of the engine that made it. */
export interface EngineIdentity {
  readonly name: string;
  /** Of what computes, such as the version of DuckDB. */
  readonly version: string;
  /** How it keeps what was learned. */
  readonly format: string;
}

/** What a pipeline's page asks of the lists of deployments and runs: the same on the server and in the browser. */
export const deploymentsOf = (workspace: string, pipeline: string) =>
  ({ workspace, pipeline, state: "all", limit: 100 }) as const;

export const runsOf = (workspace: string, pipeline: string) => ({ workspace, pipeline, limit: 10 });

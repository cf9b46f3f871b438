import { ready } from "@/lib/contracts/health";
import { version } from "@/lib/config/version";
import { jobsState } from "@/lib/jobs/thread-state";
import { mlflowMessages } from "@/lib/registry/models/mlflow-state";
import { assertReady } from "@/lib/registry/readiness";
import { route } from "@/lib/http/route";

export const GET = route(ready, async () => {
  await assertReady();
  const jobs = jobsState();
  return {
    status: "ok" as const,
    version,
    jobs: jobs?.state ?? ("elsewhere" as const),
    mlflow: await mlflowMessages(),
    ...(jobs?.reason && { jobsEnded: jobs.reason }),
  };
});

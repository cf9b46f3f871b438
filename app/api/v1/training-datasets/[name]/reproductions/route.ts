import { listTrainingReproductions, reproduceTrainingDataset } from "@/lib/contracts/reproductions";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/reproductions/reproductions";

export const GET = route(listTrainingReproductions, ({ principal, params, query }) =>
  registry.listTrainingReproductions(principal, { ...query, ...params }),
);

export const POST = route(reproduceTrainingDataset, ({ principal, params, query }) =>
  registry.reproduceTrainingDataset(principal, { ...query, ...params }),
);

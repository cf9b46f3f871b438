import { deleteTrainingDataset, getTrainingDataset } from "@/lib/contracts/training-datasets";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/training-datasets/training-datasets";
import * as write from "@/lib/registry/training-datasets/write";

export const GET = route(getTrainingDataset, ({ principal, params, query }) =>
  registry.getTrainingDataset(principal, { ...query, ...params }),
);

export const DELETE = route(deleteTrainingDataset, async ({ principal, params, query }) => {
  await write.deleteTrainingDataset(principal, { ...query, ...params });
  return {};
});

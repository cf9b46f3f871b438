import { dropTrainingCache } from "@/lib/contracts/training-datasets";
import { route } from "@/lib/http/route";
import { getTrainingDataset } from "@/lib/registry/training-datasets/training-datasets";
import { dropCache } from "@/lib/registry/training-datasets/write";

export const DELETE = route(dropTrainingCache, async ({ principal, params, query }) => {
  const ref = { ...query, ...params };
  await dropCache(principal, ref);
  return getTrainingDataset(principal, ref);
});

import { queryOptions } from "@tanstack/react-query";
import { listPeople } from "@/lib/contracts/people";
import { api } from "./api";

export const peopleQueries = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["people", workspace],
      queryFn: ({ signal }) => api(listPeople, { query: { workspace }, signal }),
    }),
};

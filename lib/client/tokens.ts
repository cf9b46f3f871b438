import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import * as contract from "@/lib/contracts/tokens";
import { api } from "./api";

export const tokenQueries = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["tokens", workspace],
      queryFn: ({ signal }) => api(contract.listTokens, { query: { workspace }, signal }),
    }),
};

export const createToken = (body: z.input<typeof contract.CreateToken>) => api(contract.createToken, { body });

export const revokeToken = (tokenId: string) => api(contract.revokeToken, { params: { tokenId } });

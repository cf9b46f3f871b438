import { removePerson, updatePerson } from "@/lib/contracts/people";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/access/members";

export const PATCH = route(updatePerson, ({ principal, params, body }) =>
  registry.updatePerson(principal, params.personId, body),
);

export const DELETE = route(removePerson, ({ principal, params, query }) =>
  registry.removePerson(principal, params.personId, query.workspace),
);

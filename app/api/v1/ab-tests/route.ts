import { createAbTest, listAbTests } from "@/lib/contracts/ab-tests";
import { route } from "@/lib/http/route";
import * as create from "@/lib/registry/experiments/ab-test-create";
import * as registry from "@/lib/registry/experiments/ab-tests";

export const GET = route(listAbTests, ({ principal, query }) => registry.listAbTests(principal, query));

export const POST = route(createAbTest, ({ principal, body }) => create.createAbTest(principal, body));

import { getModelInputs } from "@/lib/contracts/serving-predictions";
import { route } from "@/lib/http/route";
import { modelInputs } from "@/lib/serving/model-inputs";

export const GET = route(getModelInputs, ({ principal, params, query }) => modelInputs(principal, params.name, query));

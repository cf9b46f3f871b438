import { predict as contract } from "@/lib/contracts/serving-predictions";
import { route } from "@/lib/http/route";
import { predict } from "@/lib/serving/predict";

export const POST = route(contract, ({ principal, body }) => predict(principal, body));

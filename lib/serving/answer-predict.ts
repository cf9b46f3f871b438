import { predict as contract } from "@/lib/contracts/serving-predictions";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { problemResponse } from "@/lib/http/problem";
import { readJson } from "@/lib/http/read-body";
import { requestIdOf } from "@/lib/http/request-id";
import { parseInput } from "@/lib/http/route";
import type { WireAnswer } from "./answer-request";
import { predict } from "./predict";

/** `POST /predict` of the bare server of the serving role, as the portal's route answers it. */
export async function answerPredict(principal: Principal | null, text: string): Promise<WireAnswer> {
  try {
    if (!principal) throw new DomainError("unauthenticated", "Send `Authorization: Bearer TOKEN`.");
    const sent = new Request("http://serving/predict", { method: "POST", body: text });
    const body = parseInput(contract.body, await readJson(sent), "body");
    return { status: 200, body: JSON.stringify(await predict(principal, body)) };
  } catch (error) {
    const problem = problemResponse(error, principal?.requestId ?? requestIdOf(null));
    return { status: problem.status, body: await problem.text(), contentType: "application/problem+json" };
  }
}

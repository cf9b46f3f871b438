import { z } from "zod";
import { Instant, operation, WorkspaceBody } from "./operation";

/** Items of one request, so that each is checked and answered within a second. */
export const MOST_LOGGED = 10_000;

const ModelParams = z.object({ name: z.string().describe("Name of the model.") });

const Row = z.strictObject({
  key: z
    .record(z.string(), z.union([z.string().max(500), z.number(), z.boolean()]))
    .describe("Join key of the model's entity → value. Whole numbers beyond 2^53 travel as texts."),
  at: Instant.describe("Event time of the predicted thing, ISO 8601 in UTC: with the key it says which row it is."),
});

const finite = (what: string) =>
  z.number({ error: `expected ${what}; NaN and infinities are not accepted` }).describe(`${what}.`);

const Logged = z
  .object({
    received: z.number().int().describe("Items of the request."),
    added: z.number().int().describe("Rows that were not known."),
    replaced: z.number().int().describe("Rows that were known with another value: the newest counts."),
    unchanged: z.number().int().describe("Rows that were known as they are: sending twice changes nothing."),
  })
  .meta({ id: "LoggedRows", description: "What became of logged rows." });
export type LoggedRows = z.infer<typeof Logged>;

const LoggedPredictionItem = Row.extend({
  prediction: finite("a finite number: the probability of a yes, or the predicted number"),
  modelVersion: z.number().int().min(1).optional().describe("Number of the model version that predicted."),
  requestId: z.string().max(200).optional().describe("Your request's id, to find it again."),
}).meta({ id: "LoggedPrediction", description: "A prediction that a service made." });

const LoggedOutcomeItem = Row.extend({
  outcome: finite("a finite number: 1 or 0, or the number that came true"),
}).meta({ id: "LoggedOutcome", description: "What came of a predicted thing." });

const itemsOf = <Item extends z.ZodType>(item: Item) => z.array(item).min(1).max(MOST_LOGGED);

export const logPredictions = operation({
  id: "logPredictions",
  method: "POST",
  path: "/api/v1/models/{name}/predictions",
  summary: "Logs predictions that a service made, up to 10,000 at once. All are kept, or none.",
  tag: "models",
  params: ModelParams,
  body: WorkspaceBody.extend({ predictions: itemsOf(LoggedPredictionItem).describe("The predictions.") }),
  response: Logged,
});

export const logOutcomes = operation({
  id: "logOutcomes",
  method: "POST",
  path: "/api/v1/models/{name}/outcomes",
  summary: "Logs what came of predicted things, up to 10,000 at once, before or after their predictions.",
  tag: "models",
  params: ModelParams,
  body: WorkspaceBody.extend({ outcomes: itemsOf(LoggedOutcomeItem).describe("The outcomes.") }),
  response: Logged,
});

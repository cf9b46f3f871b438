/** What went wrong between here and MLflow: which call, on which host, and what to do. Never holds a credential. */
export class MlflowError extends Error {
  override readonly name = "MlflowError";

  constructor(
    message: string,
    readonly details: {
      /** HTTP status; null when there was no answer. */
      status: number | null;
      /** MLflow's own word, such as `RESOURCE_ALREADY_EXISTS`; null when it said none. */
      code: string | null;
      /** Whether the same call will be refused again. An outage, a wrong password or a full disk may pass. */
      isFinal: boolean;
    },
  ) {
    super(message);
  }
}

/** Whether MLflow answered with this word. */
export const isMlflowCode = (error: unknown, ...codes: string[]): error is MlflowError =>
  error instanceof MlflowError && codes.includes(error.details.code ?? "");

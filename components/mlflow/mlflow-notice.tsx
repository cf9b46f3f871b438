import { Alert } from "@mantine/core";
import { TimeAgo } from "@/components/ui/time-ago";
import type { MlflowState } from "@/lib/contracts/mlflow";

/** That MLflow was not told yet, and why. Nothing where it was, or where there is no MLflow. */
export function MlflowNotice({ mlflow }: { mlflow: MlflowState | null }) {
  if (!mlflow || mlflow.state === "told") return null;
  const { state, waiting, since, lastError } = mlflow;
  const isOutage = state === "refused" || lastError !== null;
  return (
    <Alert
      color={isOutage ? "yellow" : "gray"}
      title={state === "refused" ? "MLflow refused it" : "Waiting for MLflow"}
    >
      {state === "waiting" && (
        <>
          {waiting === 1 ? "1 message waits" : `${waiting} messages wait`}
          {since !== null && (
            <>
              , the oldest since <TimeAgo at={since} />
            </>
          )}
          .{" "}
        </>
      )}
      <span style={{ overflowWrap: "anywhere" }}>{lastError}</span>
    </Alert>
  );
}

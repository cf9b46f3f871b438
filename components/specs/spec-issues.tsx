import { Alert, Anchor, List } from "@mantine/core";
import { issuesOf } from "@/components/ui/issues";

/** What is wrong with documents, each with the way to its line. */
export function SpecIssues({
  id,
  error,
  several = false,
  onLine,
}: {
  id: string;
  error: Error;
  /** Whether the file has to be named beside the line. */
  several?: boolean;
  onLine(file: string | undefined, line: number): void;
}) {
  const issues = issuesOf(error);
  return (
    <Alert
      color="red"
      role="alert"
      title={issues.length > 0 ? "The documents have errors" : "They could not be checked"}
    >
      {issues.length === 0 && error.message}
      <List id={id} size="sm" spacing={4}>
        {issues.map(({ file, line, message, expected }, index) => (
          <List.Item key={index}>
            {line !== undefined && (
              <>
                <Anchor component="button" type="button" inherit underline="always" onClick={() => onLine(file, line)}>
                  {several && file !== undefined ? `${file}, line ${line}` : `Line ${line}`}
                </Anchor>
                :{" "}
              </>
            )}
            {message}
            {expected && ` Expected ${expected}.`}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

import { Alert, Button } from "@mantine/core";

/** Says what happened and how to go on. */
export function ErrorState({ error, retry }: { error: Error; retry?: () => void }) {
  return (
    <Alert color="red" title="This could not be shown" role="alert">
      {error.message}
      {retry && (
        <Button mt="sm" size="xs" variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}

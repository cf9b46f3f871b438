import { Button } from "@mantine/core";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";

export default function NotFound() {
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState
        title="There is nothing at this address"
        action={
          <Button component="a" href="/features" variant="default">
            Find a feature
          </Button>
        }
      >
        It may have been renamed or retired, or it is in another workspace. Press Ctrl K or ⌘ K to find it.
      </EmptyState>
    </>
  );
}

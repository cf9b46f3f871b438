import { Alert, Anchor, Text } from "@mantine/core";
import type { DriftMap } from "@/lib/contracts/drift";

/** What the map says of the dataset as a whole. */
export function DriftSummary({ map, onOpen }: { map: DriftMap; onOpen: (feature: string, window: string) => void }) {
  const { share, warned, judged, critical, datasets } = map.summary;
  if (share === null) return null;
  const worstWindow = (name: string) => {
    const cells = map.rows.find((row) => row.feature === name)?.cells ?? [];
    return [...cells].sort((one, other) => (other.severity ?? -1) - (one.severity ?? -1))[0]?.window ?? "";
  };
  return (
    <Alert
      color={datasets.some(({ isDrift }) => isDrift) ? "orange" : warned > 0 ? "yellow" : "teal"}
      mb="md"
      role="status"
    >
      <Text size="sm">
        <strong>{Math.round(share * 100)} %</strong> of features ({warned} of {judged}) were at or above warn in some
        window.
        {critical.length > 0 && (
          <>
            {" "}
            Critical:{" "}
            {critical.map((name, index) => (
              <span key={name}>
                {index > 0 && ", "}
                <Anchor
                  component="button"
                  type="button"
                  inherit
                  c="inherit"
                  underline="always"
                  onClick={() => onOpen(name, worstWindow(name))}
                >
                  {name}
                </Anchor>
              </span>
            ))}
            .
          </>
        )}
      </Text>
    </Alert>
  );
}

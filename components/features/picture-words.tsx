import { Text } from "@mantine/core";
import { describePicture, type Picture } from "@/lib/domain/profiles/describe-picture";

/** Which version, environment and rows the picture beside it draws. */
export function PictureWords({ picture }: { picture: Picture | null }) {
  if (!picture) return null;
  return (
    <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
      {describePicture(picture)}
    </Text>
  );
}

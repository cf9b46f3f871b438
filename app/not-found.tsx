import { Anchor } from "@mantine/core";
import { Entrance } from "@/components/people/entrance";

export default function NotFound() {
  return (
    <Entrance title="Not found" lead="There is nothing at this address.">
      <Anchor href="/">Go to the home page</Anchor>
    </Entrance>
  );
}

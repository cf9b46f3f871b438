import { Anchor } from "@mantine/core";

/** To a page in MLflow, which another server has. */
export function MlflowLink({ url, children }: { url: string; children: string }) {
  return (
    <Anchor href={url} target="_blank" rel="noreferrer" inherit underline="always">
      {children}
    </Anchor>
  );
}

"use client";

import { Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import classes from "@/components/runs/runs.module.css";
import { useOrigin } from "@/components/features/use-origin";
import { CodeBlock } from "@/components/ui/code-block";
import { modelQueries } from "@/lib/client/models";
import { askedVersion, predictSnippet } from "./predict-snippet";

/** How to ask the model for predictions, filled in for it. */
export function ModelPredict({
  workspace,
  model,
  versions,
}: {
  workspace: string;
  model: string;
  versions: readonly { version: number; aliases: readonly string[] }[];
}) {
  const origin = useOrigin();
  const { data, error } = useQuery(modelQueries.inputs(workspace, model));
  if (!data && !error) return null;
  const asked =
    data && askedVersion(data.version, versions.find(({ version }) => version === data.version)?.aliases ?? []);
  const given = data?.columns.filter(({ keys }) => keys === null) ?? [];
  const online = data?.columns.filter(({ keys }) => keys !== null) ?? [];
  return (
    <section className={classes.panel} aria-labelledby="predict">
      <Title order={2} mb="sm" id="predict">
        Ask for predictions
      </Title>
      {data && asked ? (
        <>
          <Text size="sm" c="dimmed" mb="sm" maw={900}>
            Version {data.version} answers{"alias" in asked ? `, which alias ${asked.alias} names now` : ""}. Put a
            token into TRIBUTARY_TOKEN (Settings → Tokens).{" "}
            {given.length > 0 && `To be given: ${given.map(({ name, type }) => `${name} (${type})`).join(", ")}. `}
            {online.length > 0 && `Read online: ${online.map(({ name }) => name).join(", ")}.`}
          </Text>
          <CodeBlock code={predictSnippet(model, asked, data, origin).trimEnd()} label="curl snippet" />
        </>
      ) : (
        <Text size="sm" c="dimmed">
          {error?.message}
        </Text>
      )}
    </section>
  );
}

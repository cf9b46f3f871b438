import { Text } from "@mantine/core";
import { Section } from "@/components/ui/section";
import { TimeAgo } from "@/components/ui/time-ago";
import type { StageDetail } from "@/lib/contracts/stages";
import classes from "./stages.module.css";

/** The stage's versions, newest first, each with what it changed. */
export function StageVersions({ stage }: { stage: StageDetail }) {
  return (
    <Section id="versions" title="Versions">
      {stage.versions.map(({ version, createdAt, createdBy, digest, changes }) => (
        <div key={version} className={classes.entry}>
          <Text size="sm" component="div">
            version {version}
            {version === stage.version && " (current)"} · {createdBy} · <TimeAgo at={createdAt} /> ·{" "}
            <span className={classes.column} title={digest}>
              {digest.slice(0, 12)}
            </span>
          </Text>
          {changes.length > 0 && (
            <dl className={classes.changes}>
              {changes.map(({ path, before, after }) => (
                <Change key={path} path={path} before={before} after={after} />
              ))}
            </dl>
          )}
        </div>
      ))}
    </Section>
  );
}

function Change({ path, before, after }: { path: string; before?: unknown; after?: unknown }) {
  return (
    <>
      <dt>{path}</dt>
      <dd>
        {before !== undefined && <del>{JSON.stringify(before)}</del>}
        {before !== undefined && after !== undefined && " → "}
        {after !== undefined && <ins>{JSON.stringify(after)}</ins>}
      </dd>
    </>
  );
}

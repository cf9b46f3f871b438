"use client";

import { Anchor } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";
import type { TrainingDataset } from "@/lib/contracts/training-datasets";
import classes from "./training.module.css";

/** What a training dataset is made from, with ways to it. */
export function RecipeFacts({ dataset }: { dataset: TrainingDataset }) {
  const { recipe, spineFacts, contentDigest, recipeDigest, bytes, namedBy } = dataset;
  const { spine, keys, service, label, split, unit, asOf, knowledge, boundary } = recipe;
  const link = (href: string, text: string) => (
    <Anchor component={Link} href={href} inherit>
      {text}
    </Anchor>
  );
  const facts: [string, ReactNode][] = [
    ["Spine", <>{link(`/datasets/${spine.source}?version=${spine.version}`, `${spine.source}@${spine.version}`)}, read by version {spine.definition} of its definition</>], // prettier-ignore
    ["Of the spine", `${spineFacts.duplicates} repeated rows, ${spineFacts.future} later than the as-of time${Object.entries(spineFacts.nullKeys).map(([column, rows]) => `, ${rows} without ${column}`).join("")}`], // prettier-ignore
    ["Moment", spine.time],
    ["Join keys", keys.map(({ entity, key, column }) => `${entity}.${key} in ${column}`).join(", ")],
    ["Features", service ? <>of service {link(`/services/${service.name}`, service.name)}, version {service.version}</> : "named one by one"], // prettier-ignore
    ["Label", label ?? "none"],
    ["Split", split ? <>{link(`/split-policies/${split.policy}`, split.policy)}, version {split.version}</> : "none"], // prettier-ignore
    ["Unit of leakage", unit.join(", ") || "none"],
    ["As of", asOf],
    ["Knowledge", knowledge === "event" ? "from a value's event time on" : "not before a value was written"],
    ["Boundary", boundary],
    ["Content digest", <span key="content" className={classes.digest}>{contentDigest}</span>], // prettier-ignore
    ["Recipe digest", <span key="recipe" className={classes.digest}>{recipeDigest}</span>], // prettier-ignore
    ["Kept rows", bytes === null ? "none" : `${bytes.toLocaleString("en")} bytes of Parquet`],
    ["Named by", namedBy.length === 0 ? "nothing yet" : namedBy.map((one, at) => <span key={one}>{at > 0 && ", "}{link(`/experiments/${one.replace("experiment ", "")}`, one)}</span>)], // prettier-ignore
  ];
  return (
    <dl className={classes.facts}>
      {facts.map(([term, value]) => (
        <div key={term} style={{ display: "contents" }}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

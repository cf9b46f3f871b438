import { Anchor, Text } from "@mantine/core";
import { IconDatabase, IconGitBranch, IconSitemap, IconTable } from "@tabler/icons-react";
import Link from "next/link";
import type { StageDetail } from "@/lib/contracts/stages";
import classes from "./stages.module.css";

type Partner = StageDetail["writes"][number]["consumers"][number];

const LOOK = {
  source: { icon: IconDatabase, word: "source", href: (name: string) => `/datasets/${name}` },
  stage: { icon: IconSitemap, word: "stage", href: (name: string) => `/stages/${name}` },
  pipeline: { icon: IconGitBranch, word: "pipeline", href: (name: string) => `/pipelines/${name}` },
  view: { icon: IconTable, word: "feature view", href: (name: string) => `/views/${name}` },
};

/** Who writes or reads a column, each with what it is. */
export function PartnerLinks({ partners, none }: { partners: Partner[]; none: string }) {
  if (partners.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {none}
      </Text>
    );
  return (
    <ul className={classes.partners}>
      {partners.map(({ kind, name }) => {
        const { icon: Icon, word, href } = LOOK[kind];
        return (
          <li key={`${kind}/${name}`}>
            <Icon size={14} aria-label={word} role="img" />
            <Anchor component={Link} href={href(name)} size="sm">
              {name}
            </Anchor>
          </li>
        );
      })}
    </ul>
  );
}

import { Title } from "@mantine/core";
import { IconCompass, IconDatabase, IconListCheck, IconSitemap } from "@tabler/icons-react";
import Link from "next/link";
import classes from "./home.module.css";

const ACTIONS = [
  {
    href: "/features",
    icon: IconCompass,
    title: "Find a feature",
    text: "Search by name, owner or tag; typing errors are corrected.",
  },
  {
    href: "/stages",
    icon: IconSitemap,
    title: "See how columns are made",
    text: "Which stages read and write each column, and where there are alternatives.",
  },
  {
    href: "/datasets",
    icon: IconDatabase,
    title: "Browse the data",
    text: "Sources with their versions, splits and distributions.",
  },
  {
    href: "/audit/usage",
    icon: IconListCheck,
    title: "Trust a test score",
    text: "Who used what on which rows, and which models have seen their test rows.",
  },
];

export function StartActions() {
  return (
    <section aria-labelledby="start">
      <Title order={2} id="start" mb={8}>
        Start
      </Title>
      <ul className={classes.start}>
        {ACTIONS.map(({ href, icon: Icon, title, text }) => (
          <li key={href}>
            <Link href={href} className={classes.action}>
              <Icon size={20} stroke={1.6} aria-hidden="true" />
              <span>
                <strong>{title}</strong>
                <br />
                <span className={classes.quiet}>{text}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

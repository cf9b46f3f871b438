import { Title, UnstyledButton } from "@mantine/core";
import classes from "./plan.module.css";

export interface StartOffer {
  choices: { column: string; stages: string[] }[];
  popular: { name: string; description: string }[];
  pipelines: { name: string; description: string; outputs: string[] }[];
}

/** Where a plan can begin: columns with a choice, what many use, and what others have planned. */
export function PlanStart({
  offer: { choices, popular, pipelines },
  onPick,
  onConsider,
}: {
  offer: StartOffer;
  onPick(outputs: string[]): void;
  onConsider(outputs: string[]): void;
}) {
  const groups = [
    {
      title: "Columns with alternatives",
      items: choices.map(({ column, stages }) => ({
        name: column,
        detail: `${stages.length} stages write it: ${stages.join(", ")}`,
        outputs: [column],
      })),
    },
    {
      title: "Most used",
      items: popular.map(({ name, description }) => ({ name, detail: description, outputs: [name] })),
    },
    {
      title: "Planned before",
      items: pipelines.map(({ name, description, outputs }) => ({
        name,
        detail: `${outputs.join(", ")}${description ? `. ${description}` : ""}`,
        outputs,
      })),
    },
  ].filter(({ items }) => items.length > 0);
  return (
    <>
      <p className={classes.lead}>
        Name the columns that you want. Every consistent way to make them from the sources appears as one graph, with
        its cost, what is already computed and whether a test score could be trusted.
      </p>
      <div className={classes.start}>
        {groups.map(({ title, items }) => (
          <section key={title} aria-label={title}>
            <Title order={2} mb={6}>
              {title}
            </Title>
            <ul>
              {items.map(({ name, detail, outputs }) => (
                <li key={name}>
                  <UnstyledButton
                    className={classes.startItem}
                    onClick={() => onPick(outputs)}
                    onMouseEnter={() => onConsider(outputs)}
                    onFocus={() => onConsider(outputs)}
                  >
                    <span className={classes.column}>{name}</span>
                    <span className={classes.startDetail}>{detail}</span>
                  </UnstyledButton>
                </li>
              ))}
            </ul>
          </section>
        ))}
        {groups.length === 0 && (
          <p>This workspace has no stages yet. Preview some: paste their YAML with “Preview stages” above.</p>
        )}
      </div>
    </>
  );
}

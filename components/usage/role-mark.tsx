import classes from "./usage.module.css";

/** What rows were used for: one colour per role everywhere, and always the word. */
export function RoleMark({ role }: { role: "train" | "validation" | "test" | "serve" }) {
  return (
    <span className={classes.role} data-role={role}>
      {role}
    </span>
  );
}

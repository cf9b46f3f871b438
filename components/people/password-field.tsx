import { PasswordInput, type PasswordInputProps } from "@mantine/core";

/** A required password that can be shown; a new one says how long it must be. */
export function PasswordField({
  label,
  isNew = false,
  ...props
}: PasswordInputProps & { label: string; isNew?: boolean }) {
  return (
    <PasswordInput
      label={label}
      description={isNew ? "At least 12 characters." : undefined}
      autoComplete={isNew ? "new-password" : "current-password"}
      required
      withAsterisk={false}
      visibilityToggleButtonProps={{ "aria-label": `Show the ${label.toLowerCase()}` }}
      {...props}
    />
  );
}

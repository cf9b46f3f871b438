import { signOut } from "next-auth/react";

/** Signs out, and leaves with a whole new page: nothing of what this person saw may stay. */
export async function leave(): Promise<void> {
  await signOut({ redirect: false });
  window.location.assign("/sign-in");
}

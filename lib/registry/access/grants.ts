/** Grants that hold in a workspace: its own and the installation's. */
export const grantsIn = (workspaceId: string) => ({ OR: [{ scope: "installation" }, { workspaceId }] });

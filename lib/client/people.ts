import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import * as groups from "@/lib/contracts/groups";
import * as contract from "@/lib/contracts/people";
import { api } from "./api";

export const peopleQueries = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["people", workspace],
      queryFn: ({ signal }) => api(contract.listPeople, { query: { workspace }, signal }),
    }),
  invitations: (workspace: string) =>
    queryOptions({
      queryKey: ["invitations", workspace],
      queryFn: ({ signal }) => api(contract.listInvitations, { query: { workspace }, signal }),
    }),
  groups: (workspace: string) =>
    queryOptions({
      queryKey: ["groups", workspace],
      queryFn: ({ signal }) => api(groups.listGroups, { query: { workspace }, signal }),
    }),
  sessions: () =>
    queryOptions({
      queryKey: ["sessions"],
      queryFn: ({ signal }) => api(contract.listSessions, { signal }),
    }),
};

export const invitePerson = (body: z.input<(typeof contract.invitePerson)["body"]>) =>
  api(contract.invitePerson, { body });

export const updatePerson = (personId: string, body: z.input<(typeof contract.updatePerson)["body"]>) =>
  api(contract.updatePerson, { params: { personId }, body });

export const removePerson = (personId: string, workspace: string) =>
  api(contract.removePerson, { params: { personId }, query: { workspace } });

export const renewInvitation = (invitationId: string) => api(contract.renewInvitation, { params: { invitationId } });

export const withdrawInvitation = (invitationId: string) =>
  api(contract.withdrawInvitation, { params: { invitationId } });

export const acceptInvitation = (body: z.input<(typeof contract.acceptInvitation)["body"]>) =>
  api(contract.acceptInvitation, { body });

export const setUpInstallation = (body: z.input<(typeof contract.setUpInstallation)["body"]>) =>
  api(contract.setUpInstallation, { body });

export const endSession = (sessionId: string) => api(contract.endSession, { params: { sessionId } });

export const endOtherSessions = () => api(contract.endOtherSessions);

export const changePassword = (body: z.input<(typeof contract.changePassword)["body"]>) =>
  api(contract.changePassword, { body });

export const createGroup = (body: z.input<(typeof groups.createGroup)["body"]>) => api(groups.createGroup, { body });

export const updateGroup = (workspace: string, group: string, body: z.input<(typeof groups.updateGroup)["body"]>) =>
  api(groups.updateGroup, { params: { group }, query: { workspace }, body });

export const deleteGroup = (workspace: string, group: string) =>
  api(groups.deleteGroup, { params: { group }, query: { workspace } });

-- DropForeignKey
ALTER TABLE "ApiToken" DROP CONSTRAINT "ApiToken_workspaceId_fkey";

-- DropForeignKey
ALTER TABLE "RoleBinding" DROP CONSTRAINT "RoleBinding_workspaceId_fkey";

-- DropIndex
DROP INDEX "AuditEvent_workspace_sequence_idx";

-- AlterTable
ALTER TABLE "ApiToken" ADD COLUMN     "scope" TEXT;
UPDATE "ApiToken" SET "scope" = CASE WHEN "workspaceId" IS NULL THEN 'installation' ELSE 'workspace' END;
ALTER TABLE "ApiToken" ALTER COLUMN "scope" SET NOT NULL;
ALTER TABLE "ApiToken" ADD CONSTRAINT "ApiToken_scope_check"
  CHECK ("scope" IN ('workspace', 'installation') AND ("scope" = 'workspace') = ("workspaceId" IS NOT NULL));

-- AlterTable
ALTER TABLE "AuditEvent" ADD COLUMN     "change" INTEGER,
ADD COLUMN     "workspaceId" TEXT;
-- Neither column is part of an event's hash: the chain holds as before.
ALTER TABLE "AuditEvent" DISABLE TRIGGER audit_event_append_only;
UPDATE "AuditEvent" e SET "workspaceId" = w."id" FROM "Workspace" w WHERE w."name" = e."workspace";
UPDATE "AuditEvent" SET "change" = CASE
    WHEN "object" ~ '^[^/]+/change/[0-9]{1,9}$' THEN substring("object" from '[0-9]+$')::int
    ELSE ("after"->>'change')::int END
  WHERE "object" ~ '^[^/]+/change/[0-9]{1,9}$'
    OR (jsonb_typeof("after") = 'object' AND jsonb_typeof("after"->'change') = 'number' AND "after"->>'change' ~ '^[0-9]{1,9}$');
ALTER TABLE "AuditEvent" ENABLE TRIGGER audit_event_append_only;

-- AlterTable
ALTER TABLE "RoleBinding" ADD COLUMN     "scope" TEXT;
UPDATE "RoleBinding" SET "scope" = CASE WHEN "workspaceId" IS NULL THEN 'installation' ELSE 'workspace' END;
ALTER TABLE "RoleBinding" ALTER COLUMN "scope" SET NOT NULL;
ALTER TABLE "RoleBinding" ADD CONSTRAINT "RoleBinding_scope_check"
  CHECK ("scope" IN ('workspace', 'installation') AND ("scope" = 'workspace') = ("workspaceId" IS NOT NULL));
-- Nulls were distinct, so that a role in every workspace could be held many times: the first one stays.
DELETE FROM "RoleBinding" b USING "RoleBinding" a
  WHERE a."userId" = b."userId" AND a."role" = b."role" AND a."workspaceId" IS NULL AND b."workspaceId" IS NULL
    AND (a."createdAt", a."id") < (b."createdAt", b."id");
DROP INDEX "RoleBinding_userId_workspaceId_role_key";
CREATE UNIQUE INDEX "RoleBinding_userId_workspaceId_role_key" ON "RoleBinding"("userId", "workspaceId", "role") NULLS NOT DISTINCT;

-- AlterTable
ALTER TABLE "Workspace" ADD COLUMN     "archivedAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "Identity" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Identity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "lastSeenAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "endedAt" TIMESTAMP(3),
    "endReason" TEXT,
    "address" TEXT NOT NULL DEFAULT '',
    "userAgent" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SignInAttempts" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "SignInAttempts_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "Group" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "createdBy" TEXT NOT NULL,
    "updatedBy" TEXT NOT NULL,

    CONSTRAINT "Group_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "GroupMember" (
    "groupId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "GroupMember_pkey" PRIMARY KEY ("groupId","userId")
);

-- CreateTable
CREATE TABLE "Invitation" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "roles" TEXT[],
    "hash" TEXT NOT NULL,
    "openKey" TEXT,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "acceptedAt" TIMESTAMP(3),
    "withdrawnAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "Invitation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Identity_userId_idx" ON "Identity"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "Identity_provider_subject_key" ON "Identity"("provider", "subject");

-- CreateIndex
CREATE INDEX "Session_userId_createdAt_idx" ON "Session"("userId", "createdAt");

-- CreateIndex
CREATE INDEX "Session_expiresAt_idx" ON "Session"("expiresAt");

-- CreateIndex
CREATE INDEX "SignInAttempts_expire_idx" ON "SignInAttempts"("expire");

-- CreateIndex
CREATE UNIQUE INDEX "Group_workspaceId_name_key" ON "Group"("workspaceId", "name");

-- CreateIndex
CREATE INDEX "GroupMember_userId_idx" ON "GroupMember"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "Invitation_hash_key" ON "Invitation"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "Invitation_openKey_key" ON "Invitation"("openKey");

-- CreateIndex
CREATE INDEX "Invitation_workspaceId_createdAt_idx" ON "Invitation"("workspaceId", "createdAt");

-- CreateIndex
CREATE INDEX "AuditEvent_workspaceId_sequence_idx" ON "AuditEvent"("workspaceId", "sequence");

-- CreateIndex
CREATE INDEX "AuditEvent_workspaceId_change_idx" ON "AuditEvent"("workspaceId", "change");

-- AddForeignKey
ALTER TABLE "Identity" ADD CONSTRAINT "Identity_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RoleBinding" ADD CONSTRAINT "RoleBinding_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ApiToken" ADD CONSTRAINT "ApiToken_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Group" ADD CONSTRAINT "Group_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "GroupMember" ADD CONSTRAINT "GroupMember_groupId_fkey" FOREIGN KEY ("groupId") REFERENCES "Group"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "GroupMember" ADD CONSTRAINT "GroupMember_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Invitation" ADD CONSTRAINT "Invitation_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "Session" ADD CONSTRAINT "Session_end_check"
  CHECK ("endReason" IN ('sign_out', 'ended', 'password', 'disabled') AND ("endedAt" IS NULL) = ("endReason" IS NULL));

-- Every owner that is not one person of the workspace, by e-mail or by a name that nobody else has there, becomes a group
-- without members.
WITH owned AS (
  SELECT "workspaceId", "owner" FROM "Source"
  UNION SELECT "workspaceId", "owner" FROM "Stage"
  UNION SELECT "workspaceId", "owner" FROM "Feature"
  UNION SELECT "workspaceId", "owner" FROM "FeatureView"
  UNION SELECT "workspaceId", "owner" FROM "FeatureService"
  UNION SELECT "workspaceId", "owner" FROM "Pipeline"
  UNION SELECT "workspaceId", "owner" FROM "Monitor"
  UNION SELECT "workspaceId", "owner" FROM "Experiment"
)
INSERT INTO "Group" ("id", "workspaceId", "name", "createdAt", "updatedAt", "createdBy", "updatedBy")
SELECT gen_random_uuid()::text, o."workspaceId", o."owner", now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc', 'system', 'system'
FROM owned o
WHERE o."owner" <> '' AND (
  SELECT count(DISTINCT u."id") FROM "User" u JOIN "RoleBinding" b ON b."userId" = u."id"
  WHERE (b."workspaceId" = o."workspaceId" OR b."scope" = 'installation') AND (u."email" = lower(o."owner") OR u."name" = o."owner")
) <> 1;

-- A token decided in the name of whom it was issued to. Now only people decide: what a token said stays, under its own id.
UPDATE "Review" r SET "reviewerId" = e."actorId"
FROM "ChangeRequest" c, "AuditEvent" e
WHERE c."id" = r."changeId" AND e."workspaceId" = c."workspaceId" AND e."change" = c."number" AND e."action" = 'change.review'
  AND e."actorId" LIKE 'token:%' AND e."actorName" = r."reviewerName"
  AND e."after"->>'digest' = r."revisionDigest" AND e."after"->>'decision' = r."decision";

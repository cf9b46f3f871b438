-- AlterTable
ALTER TABLE "Workspace" ADD COLUMN     "specRevision" INTEGER NOT NULL DEFAULT 0;

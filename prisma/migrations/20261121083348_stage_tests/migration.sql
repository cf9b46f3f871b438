-- AlterTable
ALTER TABLE "Stage" ADD COLUMN     "tests" JSONB NOT NULL DEFAULT '[]';

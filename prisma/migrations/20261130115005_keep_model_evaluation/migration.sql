-- AlterTable
ALTER TABLE "ModelVersion" ADD COLUMN     "evaluation" JSONB;

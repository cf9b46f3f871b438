-- AlterTable
ALTER TABLE "RunStage" ADD COLUMN     "promised" JSONB;

-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "search" JSONB;

-- AlterTable
ALTER TABLE "StageVersion" ADD COLUMN     "chosenByRun" INTEGER;

-- AlterTable
ALTER TABLE "Experiment" ADD COLUMN     "trainingDatasets" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "Usage" ADD COLUMN     "trainingDatasetId" TEXT,
ALTER COLUMN "runId" DROP NOT NULL;

-- CreateTable
CREATE TABLE "TrainingDataset" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "recipe" JSONB NOT NULL,
    "recipeDigest" TEXT NOT NULL,
    "contentDigest" TEXT NOT NULL,
    "rows" BIGINT NOT NULL,
    "columns" JSONB NOT NULL,
    "facts" JSONB NOT NULL,
    "verdicts" JSONB NOT NULL,
    "rules" INTEGER NOT NULL,
    "cache" TEXT,
    "cacheBytes" BIGINT,
    "deletedAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "TrainingDataset_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "TrainingDataset_workspaceId_createdAt_idx" ON "TrainingDataset"("workspaceId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "TrainingDataset_workspaceId_name_key" ON "TrainingDataset"("workspaceId", "name");

-- CreateIndex
CREATE INDEX "Experiment_trainingDatasets_idx" ON "Experiment" USING GIN ("trainingDatasets");

-- CreateIndex
CREATE INDEX "Usage_trainingDatasetId_idx" ON "Usage"("trainingDatasetId");

-- AddForeignKey
ALTER TABLE "Usage" ADD CONSTRAINT "Usage_trainingDatasetId_fkey" FOREIGN KEY ("trainingDatasetId") REFERENCES "TrainingDataset"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TrainingDataset" ADD CONSTRAINT "TrainingDataset_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A line of the ledger is of a run, or of a training dataset.
ALTER TABLE "Usage" ADD CONSTRAINT "Usage_of_one_thing" CHECK (("runId" IS NULL) <> ("trainingDatasetId" IS NULL));

-- What a training dataset is never changes. Its rows may be dropped and made again, and it may be deleted once, which keeps the row.
CREATE FUNCTION refuse_training_dataset_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD."deletedAt" IS NULL
    AND to_jsonb(NEW) - ARRAY['cache', 'cacheBytes', 'deletedAt'] = to_jsonb(OLD) - ARRAY['cache', 'cacheBytes', 'deletedAt'] THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'TrainingDataset is immutable: % is refused', TG_OP;
END $$;
CREATE TRIGGER training_dataset_immutable BEFORE UPDATE OR DELETE ON "TrainingDataset"
  FOR EACH ROW EXECUTE FUNCTION refuse_training_dataset_change();

-- AlterTable
ALTER TABLE "Usage" ADD COLUMN     "evaluationId" TEXT;

-- CreateTable
CREATE TABLE "VersionEvaluation" (
    "id" TEXT NOT NULL,
    "modelVersionId" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "message" TEXT NOT NULL DEFAULT '',
    "request" JSONB NOT NULL,
    "metrics" JSONB,
    "evaluation" JSONB,
    "datasets" JSONB,
    "leakageInput" JSONB,
    "verdict" TEXT,
    "severity" TEXT,
    "sentence" TEXT,
    "error" TEXT,
    "requestedBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "VersionEvaluation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "VersionEvaluation_modelVersionId_createdAt_idx" ON "VersionEvaluation"("modelVersionId", "createdAt");

-- CreateIndex
CREATE INDEX "Usage_evaluationId_idx" ON "Usage"("evaluationId");

-- AddForeignKey
ALTER TABLE "VersionEvaluation" ADD CONSTRAINT "VersionEvaluation_modelVersionId_fkey" FOREIGN KEY ("modelVersionId") REFERENCES "ModelVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Usage" ADD CONSTRAINT "Usage_evaluationId_fkey" FOREIGN KEY ("evaluationId") REFERENCES "VersionEvaluation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A use is of a run, of a training dataset, or of an evaluation.
ALTER TABLE "Usage" DROP CONSTRAINT "Usage_of_one_thing";
ALTER TABLE "Usage" ADD CONSTRAINT "Usage_of_one_thing" CHECK (num_nonnulls("runId", "trainingDatasetId", "evaluationId") = 1);
ALTER TABLE "VersionEvaluation" ADD CONSTRAINT "VersionEvaluation_state" CHECK ("state" IN ('queued', 'running', 'done', 'expired', 'failed'));
ALTER TABLE "VersionEvaluation" ADD CONSTRAINT "VersionEvaluation_verdict" CHECK ("verdict" IN ('safe', 'unknown', 'leak'));

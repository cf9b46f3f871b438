-- CreateTable
CREATE TABLE "LeakageMeasurement" (
    "id" TEXT NOT NULL,
    "modelVersionId" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "message" TEXT NOT NULL DEFAULT '',
    "scope" TEXT NOT NULL,
    "findings" JSONB,
    "before" TEXT,
    "after" TEXT,
    "error" TEXT,
    "requestedBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "LeakageMeasurement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "UnitSketch" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "rowSet" JSONB NOT NULL,
    "unit" TEXT[],
    "hashes" BYTEA NOT NULL,
    "exact" BOOLEAN NOT NULL,
    "rows" BIGINT NOT NULL,
    "withoutUnit" BIGINT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "UnitSketch_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "LeakageMeasurement_modelVersionId_createdAt_idx" ON "LeakageMeasurement"("modelVersionId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "UnitSketch_workspaceId_digest_key" ON "UnitSketch"("workspaceId", "digest");

-- AddForeignKey
ALTER TABLE "LeakageMeasurement" ADD CONSTRAINT "LeakageMeasurement_modelVersionId_fkey" FOREIGN KEY ("modelVersionId") REFERENCES "ModelVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "UnitSketch" ADD CONSTRAINT "UnitSketch_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "LeakageMeasurement" ADD CONSTRAINT "LeakageMeasurement_state" CHECK ("state" IN ('queued', 'running', 'done', 'failed'));
ALTER TABLE "LeakageMeasurement" ADD CONSTRAINT "LeakageMeasurement_scope" CHECK ("scope" IN ('undecided', 'all'));

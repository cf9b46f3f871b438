-- CreateIndex
CREATE INDEX "LeakageVerdict_featureVersionId_idx" ON "LeakageVerdict"("featureVersionId");

-- CreateIndex
CREATE INDEX "LineageEdge_workspaceId_since_idx" ON "LineageEdge"("workspaceId", "since");

-- CreateIndex
CREATE INDEX "Usage_workspaceId_consumer_idx" ON "Usage"("workspaceId", "consumer");

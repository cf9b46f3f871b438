-- DropIndex
DROP INDEX "Profile_featureVersionId_idx";

-- CreateIndex
CREATE INDEX "AbArm_deploymentId_idx" ON "AbArm"("deploymentId");

-- CreateIndex
CREATE INDEX "AbTest_experimentId_idx" ON "AbTest"("experimentId");

-- CreateIndex
CREATE INDEX "Alert_monitorId_idx" ON "Alert"("monitorId");

-- CreateIndex
CREATE INDEX "ApiToken_workspaceId_idx" ON "ApiToken"("workspaceId");

-- CreateIndex
CREATE INDEX "Backfill_jobId_idx" ON "Backfill"("jobId");

-- CreateIndex
CREATE INDEX "DatasetVersion_sourceId_idx" ON "DatasetVersion"("sourceId");

-- CreateIndex
CREATE INDEX "DatasetVersion_runId_idx" ON "DatasetVersion"("runId");

-- CreateIndex
CREATE INDEX "Deployment_variantId_idx" ON "Deployment"("variantId");

-- CreateIndex
CREATE INDEX "DriftResult_referenceId_idx" ON "DriftResult"("referenceId");

-- CreateIndex
CREATE INDEX "DriftResult_currentId_idx" ON "DriftResult"("currentId");

-- CreateIndex
CREATE INDEX "FeatureValues_runId_idx" ON "FeatureValues"("runId");

-- CreateIndex
CREATE INDEX "FeatureValues_datasetVersionId_idx" ON "FeatureValues"("datasetVersionId");

-- CreateIndex
CREATE INDEX "FeatureVersion_stageVersionId_idx" ON "FeatureVersion"("stageVersionId");

-- CreateIndex
CREATE INDEX "Fit_stageVersionId_idx" ON "Fit"("stageVersionId");

-- CreateIndex
CREATE INDEX "Fit_runId_idx" ON "Fit"("runId");

-- CreateIndex
CREATE INDEX "Materialisation_workspaceId_idx" ON "Materialisation"("workspaceId");

-- CreateIndex
CREATE INDEX "Materialisation_runId_idx" ON "Materialisation"("runId");

-- CreateIndex
CREATE INDEX "Materialisation_datasetVersionId_idx" ON "Materialisation"("datasetVersionId");

-- CreateIndex
CREATE INDEX "ModelAlias_modelVersionId_idx" ON "ModelAlias"("modelVersionId");

-- CreateIndex
CREATE INDEX "ModelVersion_fitId_idx" ON "ModelVersion"("fitId");

-- CreateIndex
CREATE INDEX "ModelVersion_runId_idx" ON "ModelVersion"("runId");

-- CreateIndex
CREATE INDEX "ModelVersion_variantId_idx" ON "ModelVersion"("variantId");

-- CreateIndex
CREATE INDEX "Pointer_versionId_idx" ON "Pointer"("versionId");

-- CreateIndex
CREATE INDEX "Profile_featureVersionId_windowFrom_idx" ON "Profile"("featureVersionId", "windowFrom");

-- CreateIndex
CREATE INDEX "Profile_runId_idx" ON "Profile"("runId");

-- CreateIndex
CREATE INDEX "Review_changeId_idx" ON "Review"("changeId");

-- CreateIndex
CREATE INDEX "Review_revisionId_idx" ON "Review"("revisionId");

-- CreateIndex
CREATE INDEX "Revision_versionId_idx" ON "Revision"("versionId");

-- CreateIndex
CREATE INDEX "Revision_modelVersionId_idx" ON "Revision"("modelVersionId");

-- CreateIndex
CREATE INDEX "RoleBinding_workspaceId_idx" ON "RoleBinding"("workspaceId");

-- CreateIndex
CREATE INDEX "RuleCheck_workspaceId_idx" ON "RuleCheck"("workspaceId");

-- CreateIndex
CREATE INDEX "Run_modelVersionId_idx" ON "Run"("modelVersionId");

-- CreateIndex
CREATE INDEX "Run_variantId_idx" ON "Run"("variantId");

-- CreateIndex
CREATE INDEX "RunInput_datasetVersionId_idx" ON "RunInput"("datasetVersionId");

-- CreateIndex
CREATE INDEX "SkewCheck_viewId_idx" ON "SkewCheck"("viewId");

-- CreateIndex
CREATE INDEX "Usage_runId_idx" ON "Usage"("runId");

-- States are enumerations: what no code knows cannot be written.
ALTER TABLE "Run" ADD CONSTRAINT "Run_state_check" CHECK ("state" IN ('queued', 'running', 'succeeded', 'failed', 'canceled'));
ALTER TABLE "Run" ADD CONSTRAINT "Run_kind_check" CHECK ("kind" IN ('variant', 'fit', 'predict', 'materialise'));
ALTER TABLE "RunStage" ADD CONSTRAINT "RunStage_state_check" CHECK ("state" IN ('pending', 'running', 'done', 'failed', 'canceled'));
ALTER TABLE "RunLog" ADD CONSTRAINT "RunLog_level_check" CHECK ("level" IN ('info', 'warn', 'error'));
ALTER TABLE "Pointer" ADD CONSTRAINT "Pointer_environment_check" CHECK ("environment" IN ('dev', 'staging', 'production'));
ALTER TABLE "ModelAlias" ADD CONSTRAINT "ModelAlias_alias_check" CHECK ("alias" IN ('staging', 'production'));
ALTER TABLE "DriftResult" ADD CONSTRAINT "DriftResult_state_check" CHECK ("state" IN ('fine', 'warn', 'critical', 'insufficient_data'));
ALTER TABLE "MonitorVerdict" ADD CONSTRAINT "MonitorVerdict_state_check" CHECK ("state" IN ('fine', 'warn', 'critical', 'insufficient_data'));
ALTER TABLE "Usage" ADD CONSTRAINT "Usage_role_check" CHECK ("role" IN ('train', 'validation', 'test', 'serve'));
ALTER TABLE "Deployment" ADD CONSTRAINT "Deployment_state_check" CHECK ("state" IN ('active', 'paused', 'retired'));
ALTER TABLE "DeploymentJob" ADD CONSTRAINT "DeploymentJob_kind_check" CHECK ("kind" IN ('fit', 'predict_staging', 'predict_production'));
ALTER TABLE "Backfill" ADD CONSTRAINT "Backfill_state_check" CHECK ("state" IN ('running', 'paused', 'succeeded', 'failed', 'canceled'));
ALTER TABLE "BackfillChunk" ADD CONSTRAINT "BackfillChunk_state_check" CHECK ("state" IN ('pending', 'running', 'succeeded', 'failed'));
ALTER TABLE "AbTest" ADD CONSTRAINT "AbTest_state_check" CHECK ("state" IN ('running', 'closed'));
ALTER TABLE "Experiment" ADD CONSTRAINT "Experiment_state_check" CHECK ("state" IN ('open', 'decided'));
ALTER TABLE "OutboxMessage" ADD CONSTRAINT "OutboxMessage_state_check" CHECK ("state" IN ('pending', 'sent', 'failed'));
ALTER TABLE "ChangeRequest" ADD CONSTRAINT "ChangeRequest_state_check" CHECK ("state" IN ('draft', 'in_review', 'changes_requested', 'approved', 'applying', 'applied', 'rejected', 'withdrawn', 'expired', 'superseded', 'apply_failed'));
ALTER TABLE "MonitorLook" ADD CONSTRAINT "MonitorLook_state_check" CHECK ("state" IN ('queued', 'running', 'done', 'failed'));
ALTER TABLE "Alert" ADD CONSTRAINT "Alert_state_check" CHECK ("state" IN ('open', 'acknowledged', 'snoozed', 'resolved'));
ALTER TABLE "Alert" ADD CONSTRAINT "Alert_level_check" CHECK ("level" IN ('warn', 'critical'));

-- Every declared object keeps each wording of its document as an immutable version, and points to the current one. What happens
-- with an object refers to the version that it happened with.

CREATE TABLE "DefinitionVersion" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "objectId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "digest" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "DefinitionVersion_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "DefinitionVersion_kind_check" CHECK ("kind" IN ('Workspace', 'Entity', 'Source', 'SplitPolicy', 'Stage', 'Feature', 'FeatureView', 'FeatureService', 'Pipeline', 'Monitor')),
    CONSTRAINT "DefinitionVersion_version_check" CHECK ("version" >= 1)
);
CREATE INDEX "DefinitionVersion_workspaceId_kind_name_idx" ON "DefinitionVersion"("workspaceId", "kind", "name");
CREATE UNIQUE INDEX "DefinitionVersion_objectId_version_key" ON "DefinitionVersion"("objectId", "version");

CREATE TABLE "RunDefinition" (
    "runId" TEXT NOT NULL,
    "definitionVersionId" TEXT NOT NULL,

    CONSTRAINT "RunDefinition_pkey" PRIMARY KEY ("runId","definitionVersionId")
);
CREATE INDEX "RunDefinition_definitionVersionId_idx" ON "RunDefinition"("definitionVersionId");

ALTER TABLE "Fit" ADD COLUMN "basis" JSONB;
ALTER TABLE "RunStage" ADD COLUMN "reason" TEXT;
ALTER TABLE "MonitorVerdict" ADD COLUMN "definitionVersionId" TEXT, ADD COLUMN "supersededAt" TIMESTAMP(3);
DROP INDEX "MonitorVerdict_monitorId_feature_windowFrom_key";
ALTER TABLE "AbTest" ADD COLUMN "splitPolicyVersionId" TEXT;
ALTER TABLE "Stage" ADD COLUMN "definition" JSONB, ADD COLUMN "digest" TEXT;
ALTER TABLE "StageVersion" ADD COLUMN "definitionVersionId" TEXT NOT NULL DEFAULT '';
ALTER TABLE "Workspace" ADD COLUMN "definitionVersionId" TEXT NOT NULL DEFAULT '';
ALTER TABLE "Entity" ADD COLUMN "definitionVersionId" TEXT NOT NULL DEFAULT '';
ALTER TABLE "Source" ADD COLUMN "definitionVersionId" TEXT NOT NULL DEFAULT '';
ALTER TABLE "SplitPolicy" ADD COLUMN "definitionVersionId" TEXT NOT NULL DEFAULT '';
ALTER TABLE "Stage" ADD COLUMN "definitionVersionId" TEXT NOT NULL DEFAULT '';
ALTER TABLE "Feature" ADD COLUMN "definitionVersionId" TEXT NOT NULL DEFAULT '';
ALTER TABLE "FeatureView" ADD COLUMN "definitionVersionId" TEXT NOT NULL DEFAULT '';
ALTER TABLE "FeatureService" ADD COLUMN "definitionVersionId" TEXT NOT NULL DEFAULT '';
ALTER TABLE "Pipeline" ADD COLUMN "definitionVersionId" TEXT NOT NULL DEFAULT '';
ALTER TABLE "Monitor" ADD COLUMN "definitionVersionId" TEXT NOT NULL DEFAULT '';

-- A UUID of version 7: milliseconds first, so that keys are in the order in which they were made.
CREATE FUNCTION uuid_v7() RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
      52, 1), 53, 1), 'hex')::uuid::text
$$;

-- The document of a stage: what its current version computes, and what people wrote about it since. The digest is of canonical
-- JSON, which SQL does not write: it stays empty here and is computed at the next start.
UPDATE "Stage" s SET "digest" = '', "definition" =
  (v."definition" - 'description' - 'owner' - 'tags' - 'tests')
  || CASE WHEN s."description" = '' THEN '{}'::jsonb ELSE jsonb_build_object('description', s."description") END
  || CASE WHEN s."owner" = '' THEN '{}'::jsonb ELSE jsonb_build_object('owner', s."owner") END
  || CASE WHEN cardinality(s."tags") = 0 THEN '{}'::jsonb ELSE jsonb_build_object('tags', to_jsonb(s."tags")) END
  || CASE WHEN s."tests" = '[]'::jsonb THEN '{}'::jsonb ELSE jsonb_build_object('tests', s."tests") END
FROM "StageVersion" v WHERE v."stageId" = s."id" AND v."version" = s."version";
-- A stage without a version could not be planned or run: it would have nothing to point to.
UPDATE "Stage" SET "digest" = '', "definition" = jsonb_build_object('kind', 'Stage', 'name', "name", 'entity', "entity")
WHERE "definition" IS NULL;
ALTER TABLE "Stage" ALTER COLUMN "definition" SET NOT NULL, ALTER COLUMN "digest" SET NOT NULL;

-- Today's rows get their first version, from whoever wrote them last. Versions of stages keep their numbers.
INSERT INTO "DefinitionVersion" ("id", "workspaceId", "kind", "objectId", "name", "version", "digest", "definition", "createdAt", "createdBy")
SELECT uuid_v7(), s."workspaceId", 'Stage', s."id", s."name", v."version", '',
  CASE WHEN v."version" = s."version" THEN s."definition" ELSE v."definition" END, v."createdAt", v."createdBy"
FROM "StageVersion" v JOIN "Stage" s ON s."id" = v."stageId";
INSERT INTO "DefinitionVersion" ("id", "workspaceId", "kind", "objectId", "name", "version", "digest", "definition", "createdAt", "createdBy")
SELECT uuid_v7(), t."id", 'Workspace', t."id", t."name", 1, t."digest", t."definition", coalesce(e."at", t."createdAt"), coalesce(e."actorId", t."updatedBy")
FROM "Workspace" t JOIN "Workspace" w ON w."id" = t."id" LEFT JOIN LATERAL (
  SELECT a."at", a."actorId" FROM "AuditEvent" a
  WHERE a."object" = w."name" || '/workspace/' || t."name" AND a."action" IN ('workspace.create', 'workspace.change')
  ORDER BY a."sequence" DESC LIMIT 1
) e ON true;
INSERT INTO "DefinitionVersion" ("id", "workspaceId", "kind", "objectId", "name", "version", "digest", "definition", "createdAt", "createdBy")
SELECT uuid_v7(), t."workspaceId", 'Entity', t."id", t."name", 1, t."digest", t."definition", coalesce(e."at", t."createdAt"), coalesce(e."actorId", t."updatedBy")
FROM "Entity" t JOIN "Workspace" w ON w."id" = t."workspaceId" LEFT JOIN LATERAL (
  SELECT a."at", a."actorId" FROM "AuditEvent" a
  WHERE a."object" = w."name" || '/entity/' || t."name" AND a."action" IN ('entity.create', 'entity.change')
  ORDER BY a."sequence" DESC LIMIT 1
) e ON true;
INSERT INTO "DefinitionVersion" ("id", "workspaceId", "kind", "objectId", "name", "version", "digest", "definition", "createdAt", "createdBy")
SELECT uuid_v7(), t."workspaceId", 'Source', t."id", t."name", 1, t."digest", t."definition", coalesce(e."at", t."createdAt"), coalesce(e."actorId", t."updatedBy")
FROM "Source" t JOIN "Workspace" w ON w."id" = t."workspaceId" LEFT JOIN LATERAL (
  SELECT a."at", a."actorId" FROM "AuditEvent" a
  WHERE a."object" = w."name" || '/source/' || t."name" AND a."action" IN ('source.create', 'source.change')
  ORDER BY a."sequence" DESC LIMIT 1
) e ON true;
INSERT INTO "DefinitionVersion" ("id", "workspaceId", "kind", "objectId", "name", "version", "digest", "definition", "createdAt", "createdBy")
SELECT uuid_v7(), t."workspaceId", 'SplitPolicy', t."id", t."name", 1, t."digest", t."definition", coalesce(e."at", t."createdAt"), coalesce(e."actorId", t."updatedBy")
FROM "SplitPolicy" t JOIN "Workspace" w ON w."id" = t."workspaceId" LEFT JOIN LATERAL (
  SELECT a."at", a."actorId" FROM "AuditEvent" a
  WHERE a."object" = w."name" || '/split_policy/' || t."name" AND a."action" IN ('split_policy.create', 'split_policy.change')
  ORDER BY a."sequence" DESC LIMIT 1
) e ON true;
INSERT INTO "DefinitionVersion" ("id", "workspaceId", "kind", "objectId", "name", "version", "digest", "definition", "createdAt", "createdBy")
SELECT uuid_v7(), t."workspaceId", 'Stage', t."id", t."name", t."version", t."digest", t."definition", coalesce(e."at", t."createdAt"), coalesce(e."actorId", t."updatedBy")
FROM "Stage" t JOIN "Workspace" w ON w."id" = t."workspaceId" LEFT JOIN LATERAL (
  SELECT a."at", a."actorId" FROM "AuditEvent" a
  WHERE a."object" = w."name" || '/stage/' || t."name" AND a."action" IN ('stage.create', 'stage.change')
  ORDER BY a."sequence" DESC LIMIT 1
) e ON true WHERE NOT EXISTS (SELECT 1 FROM "DefinitionVersion" d WHERE d."objectId" = t."id");
INSERT INTO "DefinitionVersion" ("id", "workspaceId", "kind", "objectId", "name", "version", "digest", "definition", "createdAt", "createdBy")
SELECT uuid_v7(), t."workspaceId", 'Feature', t."id", t."name", 1, t."digest", t."definition", coalesce(e."at", t."createdAt"), coalesce(e."actorId", t."updatedBy")
FROM "Feature" t JOIN "Workspace" w ON w."id" = t."workspaceId" LEFT JOIN LATERAL (
  SELECT a."at", a."actorId" FROM "AuditEvent" a
  WHERE a."object" = w."name" || '/feature/' || t."name" AND a."action" IN ('feature.create', 'feature.change')
  ORDER BY a."sequence" DESC LIMIT 1
) e ON true;
INSERT INTO "DefinitionVersion" ("id", "workspaceId", "kind", "objectId", "name", "version", "digest", "definition", "createdAt", "createdBy")
SELECT uuid_v7(), t."workspaceId", 'FeatureView', t."id", t."name", 1, t."digest", t."definition", coalesce(e."at", t."createdAt"), coalesce(e."actorId", t."updatedBy")
FROM "FeatureView" t JOIN "Workspace" w ON w."id" = t."workspaceId" LEFT JOIN LATERAL (
  SELECT a."at", a."actorId" FROM "AuditEvent" a
  WHERE a."object" = w."name" || '/feature_view/' || t."name" AND a."action" IN ('feature_view.create', 'feature_view.change')
  ORDER BY a."sequence" DESC LIMIT 1
) e ON true;
INSERT INTO "DefinitionVersion" ("id", "workspaceId", "kind", "objectId", "name", "version", "digest", "definition", "createdAt", "createdBy")
SELECT uuid_v7(), t."workspaceId", 'FeatureService', t."id", t."name", 1, t."digest", t."definition", coalesce(e."at", t."createdAt"), coalesce(e."actorId", t."updatedBy")
FROM "FeatureService" t JOIN "Workspace" w ON w."id" = t."workspaceId" LEFT JOIN LATERAL (
  SELECT a."at", a."actorId" FROM "AuditEvent" a
  WHERE a."object" = w."name" || '/feature_service/' || t."name" AND a."action" IN ('feature_service.create', 'feature_service.change')
  ORDER BY a."sequence" DESC LIMIT 1
) e ON true;
INSERT INTO "DefinitionVersion" ("id", "workspaceId", "kind", "objectId", "name", "version", "digest", "definition", "createdAt", "createdBy")
SELECT uuid_v7(), t."workspaceId", 'Pipeline', t."id", t."name", 1, t."digest", t."definition", coalesce(e."at", t."createdAt"), coalesce(e."actorId", t."updatedBy")
FROM "Pipeline" t JOIN "Workspace" w ON w."id" = t."workspaceId" LEFT JOIN LATERAL (
  SELECT a."at", a."actorId" FROM "AuditEvent" a
  WHERE a."object" = w."name" || '/pipeline/' || t."name" AND a."action" IN ('pipeline.create', 'pipeline.change')
  ORDER BY a."sequence" DESC LIMIT 1
) e ON true;
INSERT INTO "DefinitionVersion" ("id", "workspaceId", "kind", "objectId", "name", "version", "digest", "definition", "createdAt", "createdBy")
SELECT uuid_v7(), t."workspaceId", 'Monitor', t."id", t."name", 1, t."digest", t."definition", coalesce(e."at", t."createdAt"), coalesce(e."actorId", t."updatedBy")
FROM "Monitor" t JOIN "Workspace" w ON w."id" = t."workspaceId" LEFT JOIN LATERAL (
  SELECT a."at", a."actorId" FROM "AuditEvent" a
  WHERE a."object" = w."name" || '/monitor/' || t."name" AND a."action" IN ('monitor.create', 'monitor.change')
  ORDER BY a."sequence" DESC LIMIT 1
) e ON true;
UPDATE "Workspace" t SET "definitionVersionId" = d."id" FROM "DefinitionVersion" d WHERE d."objectId" = t."id";
UPDATE "Entity" t SET "definitionVersionId" = d."id" FROM "DefinitionVersion" d WHERE d."objectId" = t."id";
UPDATE "Source" t SET "definitionVersionId" = d."id" FROM "DefinitionVersion" d WHERE d."objectId" = t."id";
UPDATE "SplitPolicy" t SET "definitionVersionId" = d."id" FROM "DefinitionVersion" d WHERE d."objectId" = t."id";
UPDATE "Stage" t SET "definitionVersionId" = d."id" FROM "DefinitionVersion" d WHERE d."objectId" = t."id" AND d."version" = t."version";
UPDATE "Feature" t SET "definitionVersionId" = d."id" FROM "DefinitionVersion" d WHERE d."objectId" = t."id";
UPDATE "FeatureView" t SET "definitionVersionId" = d."id" FROM "DefinitionVersion" d WHERE d."objectId" = t."id";
UPDATE "FeatureService" t SET "definitionVersionId" = d."id" FROM "DefinitionVersion" d WHERE d."objectId" = t."id";
UPDATE "Pipeline" t SET "definitionVersionId" = d."id" FROM "DefinitionVersion" d WHERE d."objectId" = t."id";
UPDATE "Monitor" t SET "definitionVersionId" = d."id" FROM "DefinitionVersion" d WHERE d."objectId" = t."id";
UPDATE "StageVersion" v SET "definitionVersionId" = d."id" FROM "DefinitionVersion" d WHERE d."objectId" = v."stageId" AND d."version" = v."version";
UPDATE "AbTest" t SET "splitPolicyVersionId" = p."definitionVersionId" FROM "SplitPolicy" p WHERE p."workspaceId" = t."workspaceId" AND p."name" = t."splitPolicy";
ALTER TABLE "AbTest" ALTER COLUMN "splitPolicyVersionId" SET NOT NULL;
-- At most one verdict of a window is the newest, which null stands for.
CREATE UNIQUE INDEX "MonitorVerdict_monitorId_feature_windowFrom_supersededAt_key" ON "MonitorVerdict"("monitorId", "feature", "windowFrom", "supersededAt") NULLS NOT DISTINCT;
UPDATE "MonitorVerdict" v SET "definitionVersionId" = m."definitionVersionId" FROM "Monitor" m WHERE m."id" = v."monitorId";
-- Of earlier runs it is known which stage versions they ran, and nothing else.
INSERT INTO "RunDefinition" ("runId", "definitionVersionId")
SELECT DISTINCT r."id", v."definitionVersionId"
FROM "Run" r CROSS JOIN LATERAL jsonb_each_text(
  CASE WHEN jsonb_typeof(r."params" -> 'stageVersions') = 'object' THEN r."params" -> 'stageVersions' ELSE '{}'::jsonb END) p
JOIN "StageVersion" v ON v."id" = p."value";

-- Every wording of a document becomes a version, whoever writes the row.
CREATE FUNCTION keep_definition_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  object jsonb := to_jsonb(NEW);
  latest integer;
BEGIN
  SELECT coalesce(max("version"), 0) INTO latest FROM "DefinitionVersion" WHERE "objectId" = NEW."id";
  NEW."definitionVersionId" := uuid_v7();
  INSERT INTO "DefinitionVersion" ("id", "workspaceId", "kind", "objectId", "name", "version", "digest", "definition", "createdAt", "createdBy")
  VALUES (NEW."definitionVersionId", coalesce(object ->> 'workspaceId', NEW."id"), TG_TABLE_NAME, NEW."id", NEW."name", latest + 1,
    NEW."digest", NEW."definition", clock_timestamp() AT TIME ZONE 'utc', NEW."updatedBy");
  RETURN NEW;
END $$;
CREATE TRIGGER workspace_first_version BEFORE INSERT ON "Workspace" FOR EACH ROW EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER workspace_next_version BEFORE UPDATE ON "Workspace" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition") EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER entity_first_version BEFORE INSERT ON "Entity" FOR EACH ROW EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER entity_next_version BEFORE UPDATE ON "Entity" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition") EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER source_first_version BEFORE INSERT ON "Source" FOR EACH ROW EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER source_next_version BEFORE UPDATE ON "Source" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition") EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER split_policy_first_version BEFORE INSERT ON "SplitPolicy" FOR EACH ROW EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER split_policy_next_version BEFORE UPDATE ON "SplitPolicy" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition") EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER stage_first_version BEFORE INSERT ON "Stage" FOR EACH ROW EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER stage_next_version BEFORE UPDATE ON "Stage" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition") EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER feature_first_version BEFORE INSERT ON "Feature" FOR EACH ROW EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER feature_next_version BEFORE UPDATE ON "Feature" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition") EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER feature_view_first_version BEFORE INSERT ON "FeatureView" FOR EACH ROW EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER feature_view_next_version BEFORE UPDATE ON "FeatureView" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition") EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER feature_service_first_version BEFORE INSERT ON "FeatureService" FOR EACH ROW EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER feature_service_next_version BEFORE UPDATE ON "FeatureService" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition") EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER pipeline_first_version BEFORE INSERT ON "Pipeline" FOR EACH ROW EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER pipeline_next_version BEFORE UPDATE ON "Pipeline" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition") EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER monitor_first_version BEFORE INSERT ON "Monitor" FOR EACH ROW EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER monitor_next_version BEFORE UPDATE ON "Monitor" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition") EXECUTE FUNCTION keep_definition_version();

-- A version of what a stage computes comes with the wording that the stage has then.
CREATE FUNCTION refer_to_definition_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."definitionVersionId" := (SELECT "definitionVersionId" FROM "Stage" WHERE "id" = NEW."stageId");
  RETURN NEW;
END $$;
CREATE TRIGGER stage_version_definition BEFORE INSERT ON "StageVersion" FOR EACH ROW WHEN (NEW."definitionVersionId" = '') EXECUTE FUNCTION refer_to_definition_version();

-- Versions are never changed or removed. Only a digest that a migration left open may be filled in, once.
CREATE FUNCTION refuse_definition_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD."digest" = '' AND to_jsonb(NEW) - 'digest' = to_jsonb(OLD) - 'digest' THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'DefinitionVersion is immutable: % is refused', TG_OP;
END $$;
CREATE TRIGGER definition_version_immutable BEFORE UPDATE OR DELETE ON "DefinitionVersion"
  FOR EACH ROW EXECUTE FUNCTION refuse_definition_change();
CREATE FUNCTION refuse_definition_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'DefinitionVersion is immutable: % is refused', TG_OP;
END $$;
CREATE TRIGGER definition_version_no_truncate BEFORE TRUNCATE ON "DefinitionVersion"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_definition_truncate();

-- A workspace's first version is written before the workspace itself.
ALTER TABLE "DefinitionVersion" ADD CONSTRAINT "DefinitionVersion_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "RunDefinition" ADD CONSTRAINT "RunDefinition_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "RunDefinition" ADD CONSTRAINT "RunDefinition_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Workspace" ADD CONSTRAINT "Workspace_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Entity" ADD CONSTRAINT "Entity_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Source" ADD CONSTRAINT "Source_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "SplitPolicy" ADD CONSTRAINT "SplitPolicy_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Stage" ADD CONSTRAINT "Stage_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Feature" ADD CONSTRAINT "Feature_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "FeatureView" ADD CONSTRAINT "FeatureView_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "FeatureService" ADD CONSTRAINT "FeatureService_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Pipeline" ADD CONSTRAINT "Pipeline_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Monitor" ADD CONSTRAINT "Monitor_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "StageVersion" ADD CONSTRAINT "StageVersion_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "MonitorVerdict" ADD CONSTRAINT "MonitorVerdict_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "AbTest" ADD CONSTRAINT "AbTest_splitPolicyVersionId_fkey" FOREIGN KEY ("splitPolicyVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "RuleCheckDefinition" (
    "ruleCheckId" TEXT NOT NULL,
    "definitionVersionId" TEXT NOT NULL,

    CONSTRAINT "RuleCheckDefinition_pkey" PRIMARY KEY ("ruleCheckId","definitionVersionId")
);

-- CreateIndex
CREATE INDEX "RuleCheckDefinition_definitionVersionId_idx" ON "RuleCheckDefinition"("definitionVersionId");

-- AddForeignKey
ALTER TABLE "RuleCheckDefinition" ADD CONSTRAINT "RuleCheckDefinition_ruleCheckId_fkey" FOREIGN KEY ("ruleCheckId") REFERENCES "RuleCheck"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RuleCheckDefinition" ADD CONSTRAINT "RuleCheckDefinition_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

/**
 * A fitted stage in MLflow's python_function flavour: the files of a model folder that `mlflow.pyfunc.load_model` loads, written
 * without Python. Scoring needs numpy only, and gives the engine's own numbers.
 */
import { createHash } from "node:crypto";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { FittedStage } from "@/lib/domain/runs/fitted-stage";
import { PREDICTOR_SOURCE } from "./predictor-source";
import { toPythonModel } from "./python-model";

export interface ModelFile {
  /** Below the model's folder. */
  path: string;
  text: string;
}

/** What the model folder says of where it comes from. */
export interface ModelOrigin {
  /** MLflow's id of the run that the folder belongs to. */
  runId: string;
  /** Of the fit; any text that no other model has. */
  modelId: string;
  createdAt: Date;
}

/** One module for each wording of the source: two models in one Python process never share another's. */
const MODULE = `tributary_model_${createHash("sha256").update(PREDICTOR_SOURCE).digest("hex").slice(0, 8)}`;
const PYTHON = "3.11";
const REQUIREMENTS = ["mlflow", "numpy"];

/** MLflow's words for types; a column of another type is not read by the models below. */
const TYPES: Partial<Record<ColumnType, object>> = {
  boolean: { type: "boolean" },
  bigint: { type: "long" },
  double: { type: "double" },
  vector: { type: "array", items: { type: "double" } },
};

/** @returns the model's files; a sentence that says why there are none */
export function pythonFunction(stage: FittedStage, origin: ModelOrigin): ModelFile[] | string {
  const strange = [...stage.inputs, ...stage.outputs].find(({ type }) => TYPES[type] === undefined);
  if (strange) return `Column ${strange.name} is a ${strange.type}, which the python_function does not read or write.`;
  const model = toPythonModel(stage);
  if (model === null) return `${stage.operator} has no python_function form.`;
  // A column may be read twice, and is given once.
  const once = (columns: FittedStage["inputs"]) => [
    ...new Map(columns.map((column) => [column.name, column])).values(),
  ];
  const schema = (columns: FittedStage["inputs"]) =>
    JSON.stringify(once(columns).map(({ name, type }) => ({ ...TYPES[type], name, required: true })));
  return [
    { path: "MLmodel", text: mlmodel(origin, schema(stage.inputs), schema(stage.outputs)) },
    { path: "model.json", text: JSON.stringify(model) },
    { path: `code/${MODULE}.py`, text: PREDICTOR_SOURCE },
    { path: "requirements.txt", text: lines(REQUIREMENTS) },
    {
      path: "python_env.yaml",
      text: lines([`python: "${PYTHON}"`, "build_dependencies:", "- pip", "dependencies:", "- -r requirements.txt"]),
    },
    {
      path: "conda.yaml",
      text: lines([
        "name: tributary",
        "channels:",
        "- conda-forge",
        "dependencies:",
        `- python=${PYTHON}`,
        "- pip",
        "- pip:",
        ...REQUIREMENTS.map((name) => `  - ${name}`),
      ]),
    },
  ];
}

/** A JSON text is a YAML scalar too. */
function mlmodel({ runId, modelId, createdAt }: ModelOrigin, inputs: string, outputs: string): string {
  return lines([
    "artifact_path: model",
    "flavors:",
    "  python_function:",
    "    code: code",
    "    data: model.json",
    "    env:",
    "      conda: conda.yaml",
    "      virtualenv: python_env.yaml",
    `    loader_module: ${MODULE}`,
    `    python_version: "${PYTHON}"`,
    `model_uuid: ${JSON.stringify(modelId)}`,
    `run_id: ${JSON.stringify(runId)}`,
    "signature:",
    `  inputs: ${JSON.stringify(inputs)}`,
    `  outputs: ${JSON.stringify(outputs)}`,
    "  params: null",
    `utc_time_created: ${JSON.stringify(createdAt.toISOString().replace("T", " ").replace("Z", "000"))}`,
  ]);
}

const lines = (all: string[]) => `${all.join("\n")}\n`;

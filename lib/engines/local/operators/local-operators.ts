import { bucketizer } from "./bucketizer";
import { decisionTreeClassifier } from "./decision-tree-classifier";
import { imputer } from "./imputer";
import { kMeans } from "./k-means";
import { linearRegression } from "./linear-regression";
import type { LocalOperator } from "./local-operator";
import { logisticRegression } from "./logistic-regression";
import { minMaxScaler } from "./min-max-scaler";
import { oneHotEncoder } from "./one-hot-encoder";
import { principalComponents } from "./principal-components";
import { quantileDiscretizer } from "./quantile-discretizer";
import { standardScaler } from "./standard-scaler";
import { stringIndexer } from "./string-indexer";
import { vectorAssembler } from "./vector-assembler";

/** What the local engine can do with each operator of the table; `sql` has a form of its own (sql-stage.ts). */
export const LOCAL_OPERATORS: Readonly<Record<string, LocalOperator>> = {
  StringIndexer: stringIndexer,
  OneHotEncoder: oneHotEncoder,
  VectorAssembler: vectorAssembler,
  StandardScaler: standardScaler,
  MinMaxScaler: minMaxScaler,
  Imputer: imputer,
  Bucketizer: bucketizer,
  QuantileDiscretizer: quantileDiscretizer,
  KMeans: kMeans,
  PCA: principalComponents,
  LinearRegression: linearRegression,
  LogisticRegression: logisticRegression,
  DecisionTreeClassifier: decisionTreeClassifier,
};

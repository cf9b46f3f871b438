import { bucketizer } from "./bucketizer";
import { countVectorizer } from "./count-vectorizer";
import { generalizedLinearRegression } from "./generalized-linear-regression";
import { hashingTF } from "./hashing-tf";
import { idf } from "./idf";
import { imputer } from "./imputer";
import { kMeans } from "./k-means";
import { linearRegression } from "./linear-regression";
import { linearSvc } from "./linear-svc";
import type { LocalOperator } from "./local-operator";
import { logisticRegression } from "./logistic-regression";
import { maxAbsScaler } from "./max-abs-scaler";
import { minMaxScaler } from "./min-max-scaler";
import { nGram } from "./n-gram";
import { naiveBayes } from "./naive-bayes";
import { oneHotEncoder } from "./one-hot-encoder";
import { principalComponents } from "./principal-components";
import { quantileDiscretizer } from "./quantile-discretizer";
import { regexTokenizer } from "./regex-tokenizer";
import { robustScaler } from "./robust-scaler";
import { standardScaler } from "./standard-scaler";
import { stopWordsRemover } from "./stop-words-remover";
import { stringIndexer } from "./string-indexer";
import { targetEncoder } from "./target-encoder";
import { tokenizer } from "./tokenizer";
import {
  decisionTreeClassifier,
  decisionTreeRegressor,
  gbtClassifier,
  gbtRegressor,
  randomForestClassifier,
  randomForestRegressor,
} from "./tree-models";
import { vectorAssembler } from "./vector-assembler";
import { interaction, normalizer, polynomialExpansion, vectorSlicer } from "./vector-forms";

/** What the local engine can do with each operator of the table; `sql` has a form of its own (sql-stage.ts). */
export const LOCAL_OPERATORS: Readonly<Record<string, LocalOperator>> = {
  Tokenizer: tokenizer,
  RegexTokenizer: regexTokenizer,
  StopWordsRemover: stopWordsRemover,
  NGram: nGram,
  HashingTF: hashingTF,
  CountVectorizer: countVectorizer,
  IDF: idf,
  StringIndexer: stringIndexer,
  OneHotEncoder: oneHotEncoder,
  VectorAssembler: vectorAssembler,
  StandardScaler: standardScaler,
  MinMaxScaler: minMaxScaler,
  MaxAbsScaler: maxAbsScaler,
  RobustScaler: robustScaler,
  Normalizer: normalizer,
  PolynomialExpansion: polynomialExpansion,
  Interaction: interaction,
  VectorSlicer: vectorSlicer,
  TargetEncoder: targetEncoder,
  Imputer: imputer,
  Bucketizer: bucketizer,
  QuantileDiscretizer: quantileDiscretizer,
  KMeans: kMeans,
  PCA: principalComponents,
  LinearRegression: linearRegression,
  GeneralizedLinearRegression: generalizedLinearRegression,
  LogisticRegression: logisticRegression,
  LinearSVC: linearSvc,
  NaiveBayes: naiveBayes,
  DecisionTreeClassifier: decisionTreeClassifier,
  DecisionTreeRegressor: decisionTreeRegressor,
  RandomForestClassifier: randomForestClassifier,
  RandomForestRegressor: randomForestRegressor,
  GBTClassifier: gbtClassifier,
  GBTRegressor: gbtRegressor,
};

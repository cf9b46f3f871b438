import { arePartial } from "@/lib/domain/drift/partial-window";
import { totalOf } from "@/lib/domain/statistics/histogram";
import { needsFigures } from "@/lib/domain/drift/drift-metrics";
import { type DriftWindowVerdict, judgeWindow } from "@/lib/domain/monitors/evaluate-monitor";
import {
  type DriftTerms,
  measureWindow,
  type WindowQuestion,
  type WindowState,
  WindowStates,
} from "@/lib/domain/monitors/measure-windows";
import { chooseReference, type StoredReference } from "./reference";
import type { DriftFacts, DriftQuestion } from "./scope";
import { readFeatures, type StoredFeature, type StoredWindow } from "../profiles/stored-features";

/** What became of a window: of most, a map of ten thousand features keeps no more. */
export interface JudgedWindow extends WindowState {
  /** ISO instants, `[from, to)`. */
  from: string;
  to: string;
  /** The reference is not compared with itself: it is what fine means. */
  isReference: boolean;
  /** Whether there is something to compare it with. */
  isCompared: boolean;
  /** Whether data cover only a part of it: it is no sample of its season. */
  isPartial: boolean;
}

/** A feature with what became of each of its windows, oldest first. */
export interface JudgedFeature {
  facts: DriftFacts;
  windows: JudgedWindow[];
  /** Whether the windows are of predict runs. */
  isServing: boolean;
}

interface JudgeQuestion extends Pick<DriftQuestion, "model" | "reference"> {
  /** Whether all that a picture of the windows shows is wanted. */
  withFigures?: boolean;
}

/** Every window of the features against the reference that was chosen for it; p-values are corrected over the features of each window. */
export async function judgeFeatures(
  versions: readonly DriftFacts[],
  terms: DriftTerms,
  question: JudgeQuestion,
): Promise<JudgedFeature[]> {
  const states = new WindowStates(terms);
  const features: JudgedFeature[] = [];
  for await (const { facts, isServing, asked } of askFeatures(versions, terms, question)) {
    const partial = arePartial(asked.map(({ window }) => totalOf(window.histogram)));
    const windows = asked.map((one, at): JudgedWindow => {
      const { isReference, window } = one;
      const judged: JudgedWindow = {
        from: window.from,
        to: window.to,
        isReference,
        isCompared: !isReference && one.reference.side !== null,
        isPartial: partial[at] ?? false,
        state: isReference ? "fine" : "insufficient_data",
        severity: null,
        corrected: undefined,
      };
      if (judged.isCompared) states.judge(one, judged);
      return judged;
    });
    features.push({ facts, windows, isServing });
  }
  states.correct();
  return features;
}

/** A window with all that was asked of it, and what became of it. */
export interface OpenedWindow extends Asked {
  judged: JudgedWindow;
}

/** Reads judged features again, for what is shown of them; what was profiled since they were judged is not among it. */
export async function* openFeatures<Feature extends JudgedFeature>(
  features: readonly Feature[],
  terms: DriftTerms,
  question: JudgeQuestion,
): AsyncGenerator<{ feature: Feature; windows: OpenedWindow[] }> {
  const featureOf = new Map(features.map((feature) => [feature.facts.id, feature]));
  const versions = features.map(({ facts }) => facts);
  for await (const { facts, asked } of askFeatures(versions, terms, question)) {
    const feature = featureOf.get(facts.id) as Feature;
    const judgedOf = new Map(feature.windows.map((judged) => [judged.from, judged]));
    const windows = asked.flatMap((one): OpenedWindow[] => {
      const judged = judgedOf.get(one.window.from);
      return judged ? [{ ...one, judged }] : [];
    });
    yield { feature, windows };
  }
}

/** The whole verdict on a window; null of the reference, and where there is none. */
export function verdictOf(terms: DriftTerms, { judged, ...asked }: OpenedWindow): DriftWindowVerdict | null {
  if (!judged.isCompared) return null;
  return judgeWindow(terms, { asked, found: measureWindow(terms, asked), corrected: judged.corrected });
}

/** A window with what to compare it with. */
interface Asked extends WindowQuestion<StoredWindow> {
  feature: StoredFeature;
  reference: StoredReference;
  isReference: boolean;
}

/** The features in their order, each with its windows. */
async function* askFeatures(
  versions: readonly DriftFacts[],
  terms: DriftTerms,
  { model, reference, withFigures = false }: JudgeQuestion,
): AsyncGenerator<{ facts: DriftFacts; isServing: boolean; asked: Asked[] }> {
  const wanted = reference ?? (model === undefined ? "first" : "part:train");
  const options = { model: model ?? null, withFigures: withFigures || needsFigures(terms.metric) };
  const factsOf = new Map(versions.map((facts) => [facts.id, facts]));
  for await (const some of readFeatures(versions, options))
    for (const feature of some) {
      const referenceOf = chooseReference(feature, wanted);
      const asked = feature.windows.map((window, index): Asked => {
        const own = referenceOf(index);
        return { feature, window, reference: own, isReference: own.side?.id === window.id };
      });
      yield { facts: factsOf.get(feature.versionId) as DriftFacts, isServing: feature.isServing, asked };
    }
}

/**
 * One of the features as among all of them: a distance stands for itself, a test is judged among the tests of its window.
 * `isAsked` says which windows matter. Null when it is none of them.
 */
export async function judgeFeature(
  name: string,
  versions: readonly DriftFacts[],
  terms: DriftTerms,
  question: JudgeQuestion,
  isAsked: (window: JudgedWindow) => boolean = () => true,
): Promise<JudgedFeature | null> {
  const own = versions.filter(({ feature }) => feature === name);
  const [alone] = await judgeFeatures(own, terms, question);
  if (!alone) return null;
  const isTest = alone.windows.some((window) => window.corrected !== undefined && isAsked(window));
  if (!isTest) return alone;
  const all = await judgeFeatures(versions, terms, question);
  return all.find(({ facts }) => facts.feature === name) ?? null;
}

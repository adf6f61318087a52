import type { Table } from '@steepest/datasets';
import type { Coefficients, Fitted } from '@steepest/models';
import { type Estimate, summary } from '@steepest/models/inference';

/** A coefficient in raw units where there are any; how sure it is, where that can be said. */
export interface CoefficientFacts {
  readonly name: string;
  readonly output?: string;
  readonly estimate: number;
  readonly standardError?: number;
  readonly statistic?: number;
  readonly pValue?: number;
  readonly low?: number;
  readonly high?: number;
  readonly ratio?: number;
}

export interface Sureness {
  readonly coefficients: readonly CoefficientFacts[];
  /** Whether the statistics are t or z. */
  readonly statistic?: 't' | 'z';
  /** Why there are no standard errors. */
  readonly noErrors?: string;
}

/** Beyond this, standard errors are left out unless asked for. */
const mostCells = 2e6;

/** Coefficients with standard errors and p-values, or the reason why there are none. */
export function sureness(fitted: Fitted, train: Table, always: boolean): Sureness {
  const cells = train.rows * fitted.names.length;
  if (cells > mostCells && !always) {
    const noErrors = `${cells} cells take as long as the fit; ask by --errors`;
    return { coefficients: plain(fitted), noErrors };
  }
  try {
    const { estimates, statistic } = summary(fitted, train);
    return { coefficients: estimates.map(ofEstimate), statistic };
  } catch (error) {
    const noErrors = error instanceof Error ? error.message.replace(/^\w+: /, '') : String(error);
    return { coefficients: plain(fitted), noErrors };
  }
}

/** Coefficients alone, the intercept first. */
export function plain({ coefficients }: Fitted): CoefficientFacts[] {
  return coefficients.flatMap(ofOutput);
}

function ofOutput({ output, names, values, intercept }: Coefficients): CoefficientFacts[] {
  const facts = [{ name: '(intercept)', estimate: intercept }].concat(
    names.map((name, j) => ({ name, estimate: values[j] })),
  );
  return facts.map((each) => (output === undefined ? each : { ...each, output }));
}

function ofEstimate(estimate: Estimate): CoefficientFacts {
  const { name, output, standardError, statistic, pValue, interval, ratio } = estimate;
  return {
    name,
    ...(output === undefined ? {} : { output }),
    estimate: estimate.estimate,
    standardError,
    statistic,
    pValue,
    low: interval[0],
    high: interval[1],
    ...(ratio === undefined ? {} : { ratio: ratio.estimate }),
  };
}

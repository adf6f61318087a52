import type { Document } from '../document/document.ts';
import { six, threePlaces } from '../document/numbers.ts';
import { type Printed, printed } from '../document/printed.ts';
import { rowDerivatives } from '../families/rows.ts';
import type { Fitted } from '../fit/model.ts';
import { estimationOf } from './estimation.ts';
import { goodnessOf } from './goodness.ts';
import { type FittedRows, inMemory } from './in-memory.ts';
import { keptRows } from './kept-rows.ts';
import { leverages } from './leverage.ts';
import { sizeOf } from './sample.ts';

/** How each row stands to the model: residuals of all kinds, leverage, influence. */
export interface Diagnostics extends Printed {
  /** The number of each row in the data, counted from 0: rows of weight 0 are not among them. */
  readonly row: Int32Array;
  /** y − mean. */
  readonly response: Float64Array;
  /** √weight (y − mean) / √variance: Σ of squares is Pearson's χ², of least squares the RSS. */
  readonly pearson: Float64Array;
  /** Signed roots of the rows' shares of the deviance. */
  readonly deviance: Float64Array;
  /** (y − mean) / (d mean / dt): what the last round of scoring regressed. */
  readonly working: Float64Array;
  /** The deviance's over √(dispersion · (1 − leverage)): internally studentized. */
  readonly standardized: Float64Array;
  /** By the scale of the other rows: externally studentized; t where errors are normal. */
  readonly studentized: Float64Array;
  /** The diagonal of the (weighted) hat matrix. */
  readonly leverage: Float64Array;
  /** By how much the row moves all coefficients (Cook 1977). */
  readonly cooksDistance: Float64Array;
}

/**
 * Residuals, leverage and influence of the training rows, as R's residuals, rstandard, rstudent, hatvalues
 * and cooks.distance; analytic weights count in all but the response's and the working ones. A row of
 * leverage 1 fits itself: its studentized residuals and distance are NaN, as they are 0/0.
 *
 * Throws as `summary` does, and for softmax regression.
 *
 * ```ts
 * const { cooksDistance, studentized } = diagnostics(fitted, train);
 * ```
 */
export function diagnostics(fitted: Fitted, rows: FittedRows): Diagnostics {
  const operation = 'diagnostics';
  const data = inMemory(operation, rows);
  const estimation = estimationOf(operation, fitted, data);
  const { sample, maximum } = estimation;
  const { family, y, precision } = sample;
  if (family.perClass) {
    throw new TypeError(
      `${operation}: of one score per row, ${family.name} has several; fit two classes at a time`,
    );
  }
  const { count, pearson: total } = goodnessOf(operation, estimation);
  const size = sizeOf(sample);
  const left = count - size;
  const dispersion = family.dispersion ? total / left : 1;
  const { slopes, information, scores } = maximum;
  const mean = family.mean(scores).data;
  const losses = rowDerivatives(family).losses(scores, y).data;
  const leverage = leverages(sample, maximum);
  const n = y.rows;
  const of = (f: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => f(i));
  const pearson = of((i) => (slopes[i] === 0 ? 0 : -slopes[i] / Math.sqrt(information[i])));
  const deviance = of((i) => {
    const share = losses[i] - (family.least?.(y.data[i]) ?? 0);
    return -Math.sign(slopes[i]) * Math.sqrt(2 * (precision?.[i] ?? 1) * Math.max(0, share));
  });
  const open = of((i) => (1 - leverage[i] > 1e-12 ? 1 - leverage[i] : NaN));
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (sample.frequency?.[i] ?? 1) * deviance[i] ** 2;
  const others = (i: number) =>
    family.dispersion ? Math.sqrt((squares - deviance[i] ** 2 / open[i]) / (left - 1)) : 1;
  const { kept } = keptRows(fitted, data);
  return printed(
    {
      row: Int32Array.from({ length: n }, (_, i) => kept?.[i] ?? i),
      response: of((i) => y.data[i] - mean[i]),
      pearson,
      deviance,
      working: of((i) => (slopes[i] === 0 ? 0 : -slopes[i] / information[i])),
      standardized: of((i) => deviance[i] / Math.sqrt(dispersion * open[i])),
      // Of least squares Pearson's and the deviance's are one, and this is r / (s₍ᵢ₎ √(1 − h)).
      studentized: of(
        (i) =>
          (Math.sign(deviance[i]) *
            Math.sqrt(deviance[i] ** 2 + (leverage[i] * pearson[i] ** 2) / open[i])) /
          others(i),
      ),
      leverage,
      cooksDistance: of((i) => ((pearson[i] / open[i]) ** 2 * leverage[i]) / (dispersion * size)),
    },
    documentOf,
  );
}

const mostShown = 5;

function documentOf(found: Omit<Diagnostics, keyof Printed>): Document {
  const { row, studentized, leverage, cooksDistance } = found;
  const size = leverage.reduce((sum, h) => sum + h, 0);
  const distance = (i: number) => (Number.isNaN(cooksDistance[i]) ? Infinity : cooksDistance[i]);
  const first = [...row.keys()].sort((i, j) => distance(j) - distance(i)).slice(0, mostShown);
  return {
    title: `Influence of ${row.length} rows, those of greatest Cook's distance first`,
    parts: [
      {
        kind: 'grid',
        header: ['row', 'response residual', 'studentized', 'leverage', "Cook's distance"],
        rows: first.map((i) => [
          String(row[i] + 1),
          six(found.response[i]),
          threePlaces(studentized[i]),
          threePlaces(leverage[i]),
          threePlaces(cooksDistance[i]),
        ]),
      },
      {
        kind: 'notes',
        lines: [`Rows are counted from 1. The mean leverage is ${threePlaces(size / row.length)}.`],
      },
    ],
  };
}

import { finite, record, wrong } from '../schema/json.ts';
import { type FittedStep, type NumericColumn, numericColumns, replaced } from './frame.ts';

/** What standardizing and min–max scaling learn: v becomes (v − shift) / scale. */
export interface Rescaling {
  readonly name: string;
  readonly shift: number;
  readonly scale: number;
}

/** (source − shift) / scale: written where it is wanted, and laid out only for a step that asks. */
export class RescaledColumn implements NumericColumn {
  readonly kind = 'number';
  readonly name: string;
  readonly source: Float64Array;
  readonly shift: number;
  readonly scale: number;
  #values: Float64Array | undefined;

  constructor({ name, shift, scale }: Rescaling, source: Float64Array) {
    this.name = name;
    this.source = source;
    this.shift = shift;
    this.scale = scale;
  }

  get values(): Float64Array {
    const { shift, scale } = this;
    this.#values ??= this.source.map((v) => (v - shift) / scale);
    return this.#values;
  }
}

/** The fitted step that rescales these columns and leaves the others alone. */
export function rescaleStep(step: string, columns: readonly Rescaling[]): FittedStep {
  const byName = new Map(columns.map((column) => [column.name, column]));
  return {
    step,
    state: { columns },
    rescaled: byName,
    apply(frame) {
      numericColumns(
        frame,
        step,
        columns.map(({ name }) => name),
      );
      return replaced(frame, (column) => {
        const rule = byName.get(column.name);
        if (rule === undefined || column.kind !== 'number') return column;
        return new RescaledColumn(rule, column.values);
      });
    },
    // ((b − s₁)/k₁ − s₂)/k₂ = (b − (s₁ + k₁s₂)) / (k₁k₂)
    rescale: (scales) =>
      scales.map((before) => {
        const rule = byName.get(before.name);
        if (rule === undefined) return before;
        const shift = before.shift + before.scale * rule.shift;
        return { ...before, shift, scale: before.scale * rule.scale };
      }),
  };
}

/** The same from the plain data in a saved file. */
export function loadRescaling(step: string, state: unknown): FittedStep {
  const { columns } = record(state, step);
  if (!Array.isArray(columns)) throw wrong(`${step}.columns`, 'a list', columns);
  return rescaleStep(
    step,
    columns.map((column, i) => {
      const path = `${step}.columns[${i}]`;
      const { name, shift, scale } = record(column, path);
      if (typeof name !== 'string') throw wrong(`${path}.name`, 'text', name);
      const checked = {
        name,
        shift: finite(shift, `${path}.shift`),
        scale: finite(scale, `${path}.scale`),
      };
      if (checked.scale === 0) throw wrong(`${path}.scale`, 'a number other than 0', 0);
      return checked;
    }),
  );
}

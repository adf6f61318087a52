import type { Column } from '../schema/column.ts';
import { columnIn, type Schema } from '../schema/schema.ts';
import type { Frame, FrameColumn } from '../steps/frame.ts';
import { columnValues, type Table } from '../table/table.ts';

/** The feature columns of a table, ready for the first step; truth values become 0 and 1. */
export function toFrame(table: Table, features: readonly string[], schema: Schema): Frame {
  const columns = features.map((name): FrameColumn => {
    const column = columnValues(table, name, 'apply');
    const expected = columnIn(schema, name)?.type;
    if (column.type !== expected) {
      throw new TypeError(
        `apply: the column "${name}" is ${column.type} in this table and was ${expected} in the training rows; read both with one schema`,
      );
    }
    switch (column.type) {
      case 'number':
        return { kind: 'number', name, values: column.values };
      case 'date':
        return { kind: 'date', name, values: column.values };
      case 'boolean':
        return {
          kind: 'number',
          name,
          values: Float64Array.from(column.values, (v) => (v < 0 ? Number.NaN : v)),
        };
      case 'category': {
        const declared = hasLevels(columnIn(schema, name));
        return { kind: 'label', name, codes: column.codes, levels: column.levels, declared };
      }
      default:
        throw new TypeError(
          `prepare: the text column "${name}" is no feature; declare it category()`,
        );
    }
  });
  return { rows: table.rows, columns, file: table.file };
}

function hasLevels(column: Column | undefined): boolean {
  return column?.type === 'category' && column.levels !== undefined;
}

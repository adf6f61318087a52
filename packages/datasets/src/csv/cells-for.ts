import type { CellContext, Cells } from './cells.ts';
import { dateCells } from './date-cells.ts';
import { booleanCells, categoryCells, textCells } from './label-cells.ts';
import { numberCells } from './number-cells.ts';

/** The collector for a column's type. */
export function cellsFor(context: CellContext): Cells {
  switch (context.column.type) {
    case 'number':
      return numberCells(context);
    case 'category':
      return categoryCells(context);
    case 'boolean':
      return booleanCells(context);
    case 'date':
      return dateCells(context);
    default:
      return textCells(context);
  }
}

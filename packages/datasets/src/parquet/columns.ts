/** A column of a Parquet file as its metadata describe it. */
export interface SchemaElement {
  readonly name: string;
  readonly num_children?: number | undefined;
  repetition_type?: string | undefined;
  type?: string | undefined;
  converted_type?: string | undefined;
  logical_type?: { readonly type: string } | undefined;
  readonly scale?: number | undefined;
}

/** A column at the top of a file. */
export interface TopColumn {
  readonly name: string;
  /** A list or a struct, which is no column of a table. */
  readonly isNested: boolean;
  /** How many digits of its integers stand behind the point, for a column of decimals. */
  readonly scale: number | undefined;
}

/**
 * The columns at the top of a file's schema, which is changed where the decoder would not be exact:
 * decimals are to be decoded as the integers that they are, JSON and enums as text.
 */
export function topColumns(schema: readonly SchemaElement[]): TopColumn[] {
  const columns: TopColumn[] = [];
  for (let i = 1; i < schema.length; i = after(schema, i)) {
    const element = schema[i];
    const { name, converted_type: type, scale = 0 } = element;
    const isNested = (element.num_children ?? 0) > 0 || element.repetition_type === 'REPEATED';
    const isDecimal = type === 'DECIMAL' || element.logical_type?.type === 'DECIMAL';
    if (isDecimal) {
      element.converted_type = undefined;
      element.logical_type = undefined;
    }
    if (type === 'JSON' || type === 'ENUM') element.converted_type = 'UTF8';
    columns.push({ name, isNested, scale: isDecimal ? scale : undefined });
  }
  return columns;
}

/** The index of the element after this one and all that it holds. */
function after(schema: readonly SchemaElement[], index: number): number {
  let next = index + 1;
  for (let k = schema[index].num_children ?? 0; k > 0; k--) next = after(schema, next);
  return next;
}

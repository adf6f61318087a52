import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  asTraining,
  CsvError,
  columnValues,
  date,
  dates,
  defineSchema,
  describe as describeTable,
  formatSchema,
  impute,
  inferSchemaOf,
  number,
  oneHot,
  parseCsv,
  preparationFromJSON,
  prepare,
  type Row,
  readCsv,
  rowAt,
  schemaFromJSON,
  writeCsv,
} from '../src/index.ts';

const dayLength = 86_400_000;
const first = Date.UTC(1600, 0, 1);
const last = Date.UTC(2400, 11, 31);
const all = Array.from({ length: (last - first) / dayLength + 1 }, (_, i) => first + i * dayLength);
const times = (text: string, format?: string): number[] => {
  const schema = defineSchema({ t: date(format === undefined ? {} : { format }), x: number() });
  const column = columnValues(parseCsv(`t,x\n${text},1\n`, { schema, delimiter: ',' }), 't');
  return column.type === 'date' ? [...column.values] : [];
};
const refused = (text: string, format?: string): CsvError => {
  try {
    times(text, format);
  } catch (error) {
    if (error instanceof CsvError) return error;
    throw error;
  }
  throw new Error(`"${text}" was read`);
};

describe('against Date, all days of 1600 to 2400', () => {
  test('ISO dates and formatted ones are read, written and taken apart as Date does', {
    timeout: 60_000,
  }, () => {
    const schema = defineSchema({ a: date(), b: date({ format: 'D/M/YYYY HH:mm' }) });
    const lines = all.map((time) => {
      const day = new Date(time);
      return `${day.toISOString().slice(0, 10)},${day.getUTCDate()}/${day.getUTCMonth() + 1}/${day.getUTCFullYear()} 23:59`;
    });
    const text = `a,b\n${lines.join('\n')}\n`;
    const table = asTraining(parseCsv(text, { schema }));
    const [a, b] = ['a', 'b'].map((name) => columnValues(table, name));
    if (a.type !== 'date' || b.type !== 'date') throw new Error('no dates');
    // Vitest compares long arrays slowly.
    expect(all.findIndex((time, i) => a.values[i] !== time)).toBe(-1);
    expect(all.findIndex((time, i) => b.values[i] !== time + dayLength - 60_000)).toBe(-1);
    expect(writeCsv(table) === text).toBe(true);
    const parts = ['elapsed', 'year', 'month', 'weekday', 'hour'] as const;
    const { data } = prepare([dates({ parts })])
      .fit(table)
      .apply(table);
    const wanted = all.flatMap((time, i) => {
      const day = new Date(time);
      const own = [day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDay() || 7];
      return [i, ...own, 0, i, ...own, 23];
    });
    expect(data.length).toBe(wanted.length);
    expect(wanted.findIndex((value, i) => data[i] !== value)).toBe(-1);
  });

  test('days that no month has are refused', () => {
    for (const year of [1700, 1900, 2000, 2023, 2024, 2100]) {
      for (let month = 1; month <= 12; month++) {
        const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
        const day = (d: number) => `${year}-${String(month).padStart(2, '0')}-${d}`;
        expect(times(day(length))).toEqual([Date.parse(day(length))]);
        expect(refused(day(length + 1)).reason).toBe('not-a-date');
      }
    }
  });
});

describe('reading', () => {
  test.each([
    '2024-02-29T13:45Z',
    '2024-02-29T13:45:10.250Z',
    '2024-02-29T00:10:00+05:30',
    '1969-12-31T23:59:59.999-11:00',
    '0001-01-01',
  ])('%s is what Date.parse makes of it', (text) => {
    expect(times(text)).toEqual([Date.parse(text)]);
  });

  test('a time without an offset is in UTC; a space may stand for the T; zeros beyond milliseconds are nothing', () => {
    expect(times('2024-02-29 13:45:00.500000')).toEqual([Date.UTC(2024, 1, 29, 13, 45, 0, 500)]);
  });

  test.each([
    '2024-13-01',
    '2024-1-1',
    '24-01-01',
    '20240101',
    '2024-01-01T24:00',
    '2024-01-01T10:60',
    '2024-01-01T10:00:60',
    '2024-01-01T10:00:00.1234',
    '2024-01-01T10:00+25:00',
    '1704067200000',
  ])('%s is refused', (text) => {
    expect(refused(text).reason).toBe('not-a-date');
  });

  test('a refusal has its place and its text', async () => {
    const schema = defineSchema({ t: date({ format: 'DD.MM.YYYY' }), x: number() });
    const read = readCsv(['t,x\n28.02.2023,1\n31.02.2023,2\n'], { schema, file: 'days.csv' });
    const error = await read.then(
      () => undefined,
      (e: CsvError) => e,
    );
    expect(error).toMatchObject({ file: 'days.csv', line: 3, column: 't', raw: '31.02.2023' });
    expect(error?.message).toContain('is not a date of the format DD.MM.YYYY');
  });

  test('both ways of reading agree, holes included', async () => {
    const missing = { policy: 'keep' } as const;
    const schema = defineSchema({ x: number(), t: date({ missing }) });
    const text = 'x,t\n1,2024-01-31\n2,\n3,NA\n4,2024-02-01T10:00Z\n';
    const [fast, reference] = await Promise.all(
      (['wasm', 'reference'] as const).map((lane) => readCsv(text, { schema, lane })),
    );
    expect(fast.columns).toEqual(reference.columns);
    expectTypeOf<Row<typeof schema>>().toEqualTypeOf<{
      readonly x: number;
      readonly t: Date | null;
    }>();
    expect([0, 1].map((i) => rowAt(fast, i).t)).toEqual([new Date('2024-01-31'), null]);
    expect(writeCsv(fast)).toBe('x,t\n1,2024-01-31\n2,\n3,\n4,2024-02-01T10:00Z\n');
    expect(String(describeTable(fast))).toContain('2024-01-31');
    expect(String(fast)).not.toContain('GMT');
  });
});

describe('schemas', () => {
  test.each([
    '',
    'MM.DD',
    'YY-MM-DD',
    'YYYY-DD',
    'YYYY HH',
    'YYYYMD',
    'YYYY-MM-DD hh',
    'YYYY YYYY',
  ])('the format "%s" is refused', (format) => {
    expect(() => date({ format })).toThrow(/date: format must be a date format/);
    const json = { columns: [{ name: 't', type: 'date', format }] };
    expect(() => schemaFromJSON(json)).toThrow('schema.columns[0].format');
  });

  test('a schema with dates survives JSON and its source', () => {
    const schema = defineSchema({ t: date({ format: 'YYYY/MM' }), u: date() });
    expect(schemaFromJSON(JSON.parse(JSON.stringify(schema)))).toEqual(schema);
    expect(formatSchema(schema)).toContain("t: date({ format: 'YYYY/MM' }),\n  u: date(),");
  });

  test('ISO dates are proposed as dates, others are not', async () => {
    const text = 't,u\n2024-01-31,31.01.2024\n,30.01.2024\n2024-01-31T10:00Z,29.01.2024\n';
    const { schema } = inferSchemaOf(text);
    expect(schema.columns.map(({ type }) => type)).toEqual(['date', 'text']);
    const table = await readCsv(text, { schema: 'infer' });
    expect(table.columns).toEqual(parseCsv(text, { schema }).columns);
  });
});

describe('the step', () => {
  const schema = defineSchema({ t: date({ missing: { policy: 'keep' } }), x: number() });
  const train = asTraining(parseCsv('t,x\n2024-01-03,1\n2024-01-02T12:00,2\n', { schema }));
  const test_ = parseCsv('t,x\n2024-12-25,1\n', { schema });

  test('the origin is of the training rows, and is saved', () => {
    const fitted = prepare([dates()]).fit(train);
    expect(fitted.names).toEqual(['t.elapsed', 'x']);
    expect([...fitted.apply(test_).data]).toEqual([357.5, 1]);
    const loaded = preparationFromJSON(JSON.parse(JSON.stringify(fitted)));
    expect([...loaded.apply(test_).data]).toEqual([357.5, 1]);
    expect([...loaded.applyRow({ t: new Date('2024-12-25'), x: 1 }).data]).toEqual([357.5, 1]);
    expect([...loaded.applyRow({ t: '2024-12-25', x: 1 }).data]).toEqual([357.5, 1]);
    expect(() => loaded.applyRow({ t: new Date('?'), x: 1 })).toThrow('a valid Date');
    const stated = prepare([dates({ origin: '2024-12-24' })]).fit(train);
    expect([...stated.apply(test_).data]).toEqual([1, 1]);
  });

  test('a month that training did not see has its column', () => {
    const steps = [dates({ parts: ['month'] }), oneHot({ columns: ['t.month'] })];
    const { names, data } = prepare(steps).fit(train).apply(test_);
    expect(names.filter((_, j) => data[j] === 1)).toEqual(['t.month=12', 'x']);
  });

  test('holes are filled after it; without it dates are no features', () => {
    const holes = parseCsv('t,x\n,1\n', { schema });
    const fitted = prepare([impute(), dates(), impute()]).fit(train);
    expect([...fitted.apply(holes).data]).toEqual([0.25, 1]);
    expect(prepare([]).fit(train).names).toEqual(['x']);
    expect(() =>
      prepare([], { features: ['t'] })
        .fit(train)
        .apply(train),
    ).toThrow('add dates()');
    expect(() => dates({ columns: ['x'] }).fit({ rows: 0, columns: [] }, () => {})).toThrow(
      'no date column "x"',
    );
  });
});

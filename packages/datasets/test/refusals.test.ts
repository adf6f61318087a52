import { describe, expect, test } from 'vitest';
import {
  asTraining,
  category,
  chooseFeatures,
  defineSchema,
  impute,
  number,
  oneHot,
  parseCsv,
  prepare,
  standardize,
} from '../src/index.ts';

describe('steps and preparations refuse what they do not know', () => {
  test.each<[() => unknown, RegExp]>([
    [() => impute('anything' as never), /^impute: the filling must be one of "mean", "median"/],
    [() => impute({ constant: '0' as never }), /constant must be a finite number, got "0"/],
    [
      () => standardize({ column: ['a'] } as never),
      /^standardize: unknown option column; did you mean columns\?/,
    ],
    [
      () => oneHot({ drop: 'first' } as never),
      /^oneHot: unknown option drop; did you mean dropFirst\?/,
    ],
    [() => oneHot({ handle_unknown: 'ignore' } as never), /did you mean unknown\?/],
    [() => prepare(standardize() as never), /^prepare: steps must be a list, each a step/],
    [
      () => prepare([standardize] as never),
      /steps\[0\] must be a step, .*; call it: standardize\(\)/,
    ],
  ])('%s', (call, message) => {
    expect(call).toThrow(message);
  });
});

describe('exclude', () => {
  const schema = defineSchema(
    { id: number(), a: number(), k: category(), y: number() },
    { target: 'y' },
  );
  const table = asTraining(parseCsv('id,a,k,y\n1,2,p,3\n2,4,q,5\n', { schema }));

  test('leaves columns out beside the target', () => {
    expect(chooseFeatures(['id', 'a', 'y'], { target: 'y', exclude: ['id'] })).toEqual(['a']);
    const fitted = prepare([standardize()], { exclude: ['id', 'k'] }).fit(table);
    expect(fitted.features).toEqual(['a']);
  });

  test('refuses unknown columns, and one that is asked for too', () => {
    const names = ['id', 'a', 'y'];
    expect(() => chooseFeatures(names, { exclude: ['ids'] })).toThrow(/did you mean "id"/);
    expect(() => chooseFeatures(names, { features: ['a'], exclude: ['a'] })).toThrow(/in exclude/);
  });
});

test('sixteen thousand columns are declared and prepared in linear time', {
  timeout: 30_000,
}, () => {
  const names = Array.from({ length: 16_000 }, (_, i) => `c${i}`);
  const cells = (start: number) => names.map((_, i) => start + i).join(',');
  const began = performance.now();
  const schema = defineSchema(Object.fromEntries(names.map((name) => [name, number()])), {
    target: 'c0',
  });
  const table = asTraining(parseCsv(`${names.join(',')}\n${cells(1)}\n${cells(7)}\n`, { schema }));
  expect(prepare([standardize()]).fit(table).apply(table).columns).toBe(15_999);
  expect(performance.now() - began).toBeLessThan(6000); // 18 s when it grew with their square
});

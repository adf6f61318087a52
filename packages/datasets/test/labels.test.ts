import { describe, expect, test } from 'vitest';
import {
  asTraining,
  binaryTarget,
  boolean,
  category,
  chooseFeatures,
  constantColumns,
  defineSchema,
  encodeTarget,
  intercept,
  number,
  parseCsv,
  prepare,
  refuseConstantColumns,
  refuseTooFewRows,
} from '../src/index.ts';

const labelled = (cells: readonly string[], column: 'number' | 'category' | 'boolean') => {
  const kinds = { number: number(), category: category(), boolean: boolean() };
  return parseCsv(`y\n${cells.join('\n')}\n`, { schema: defineSchema({ y: kinds[column] }) });
};

describe('binaryTarget', () => {
  test.each([
    [['-1', '1', '-1'], 'number', ['-1', '1'], [0, 1, 0]],
    [['-1', '1', '-1'], 'category', ['-1', '1'], [0, 1, 0]],
    [['0', '1', '1'], 'number', ['0', '1'], [0, 1, 1]],
    [['true', 'false', 'true'], 'boolean', ['false', 'true'], [1, 0, 1]],
    [['true', 'false', 'true'], 'category', ['false', 'true'], [1, 0, 1]],
    [['M', 'B', 'B'], 'category', ['B', 'M'], [1, 0, 0]],
    [['10', '9', '9'], 'category', ['9', '10'], [1, 0, 0]],
  ] as const)('maps %j read as %s', (cells, column, classes, y) => {
    const found = binaryTarget(labelled(cells, column), 'y');
    expect([found.classes, [...found.y], found.positive]).toEqual([classes, y, classes[1]]);
    expect(found.mapping).toBe(`"${classes[0]}" → 0, "${classes[1]}" → 1`);
  });

  test('the positive class can be named', () => {
    const found = binaryTarget(labelled(['M', 'B', 'B'], 'category'), 'y', { positive: 'B' });
    expect([found.classes, [...found.y]]).toEqual([
      ['M', 'B'],
      [0, 1, 1],
    ]);
    expect(() => binaryTarget(labelled(['M', 'B'], 'category'), 'y', { positive: 'X' })).toThrow(
      /"X" does not occur/,
    );
  });

  test('one class and three classes are refused', () => {
    expect(() => binaryTarget(labelled(['a', 'a'], 'category'), 'y')).toThrow(
      expect.objectContaining({ reason: 'one-class' }),
    );
    expect(() => binaryTarget(labelled(['1', '2', '3'], 'number'), 'y')).toThrow(
      expect.objectContaining({ reason: 'too-many-classes', column: 'y' }),
    );
    expect(() => binaryTarget(labelled(['1'], 'number'), 'z')).toThrow(
      expect.objectContaining({ reason: 'unknown-column' }),
    );
  });

  test.each([
    ['1', '1.0'],
    ['-0', '0', '1'],
  ])('labels that spell one number in two ways are refused: %s, %s', (...cells) => {
    expect(() => binaryTarget(labelled(cells, 'category'), 'y')).toThrow(/spell the same number/);
    expect(() => binaryTarget(labelled([...cells, 'a', 'b'], 'category'), 'y')).toThrow(/labels/);
  });

  test('as numbers they are one label', () => {
    expect(binaryTarget(labelled(['0', '1', '1.0'], 'number'), 'y').classes).toEqual(['0', '1']);
  });

  test('a missing label is refused', () => {
    const table = parseCsv('y\n1\n\n0\n', { missing: 'keep' });
    expect(() => binaryTarget(table, 'y')).toThrow(expect.objectContaining({ reason: 'missing' }));
  });
});

test('encodeTarget keeps the declared order and leaves out labels that do not occur', () => {
  const schema = defineSchema({ y: category(['c', 'b', 'a']) });
  const { y, classes } = encodeTarget(parseCsv('y\na\nc\n', { schema }), 'y');
  expect([classes, [...y]]).toEqual([
    ['c', 'a'],
    [1, 0],
  ]);
});

describe('checks of a task', () => {
  test('chooseFeatures', () => {
    expect(chooseFeatures(['a', 'b', 'y'], { target: 'y' })).toEqual(['a', 'b']);
    expect(chooseFeatures(['a', 'b', 'y'], { target: 'y', features: ['b', 'a'] })).toEqual([
      'b',
      'a',
    ]);
    expect(() => chooseFeatures(['a', 'y'], { target: 'z' })).toThrow(
      expect.objectContaining({ reason: 'unknown-column', column: 'z' }),
    );
    expect(() => chooseFeatures(['a', 'y'], { target: 'y', features: ['A '] })).toThrow(
      /did you mean "a"\?$/,
    );
    expect(() => chooseFeatures(['a', 'y'], { target: 'y', features: ['a', 'y'] })).toThrow(
      expect.objectContaining({ reason: 'target-in-features' }),
    );
    expect(() => chooseFeatures(['a', 'y'], { features: ['a', 'a'] })).toThrow(/listed twice/);
  });

  test('constant columns, but not the intercept', () => {
    const table = asTraining(parseCsv('a,b\n1,2\n1,3\n'));
    const features = prepare([intercept()]).fit(table).apply(table);
    expect(constantColumns(features)).toEqual(['a']);
    expect(() => refuseConstantColumns(features)).toThrow(
      expect.objectContaining({ reason: 'constant-column', column: 'a' }),
    );
  });

  test('too few rows', () => {
    expect(() => refuseTooFewRows(1, 2)).toThrow('1 row cannot determine 2 parameters');
    expect(() => refuseTooFewRows(2, 2)).not.toThrow();
  });
});

/** A JSON Schema (2020-12), as plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const text: JsonSchema = { type: 'string' };
const texts: JsonSchema = { type: 'array', items: text };
const count: JsonSchema = { type: 'integer', minimum: 0 };
/** Numbers that JSON does not have are words. */
const figure: JsonSchema = {
  anyOf: [{ type: 'number' }, { enum: ['NaN', 'Infinity', '-Infinity'] }],
};

/** An object with exactly these members; those whose name ends in ? may be left out. */
function object(members: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const names = Object.keys(members);
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name.replace(/\?$/, ''), members[name]])),
    required: names.filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  };
}

function list(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

function record(values: JsonSchema): JsonSchema {
  return { type: 'object', additionalProperties: values };
}

function answer(command: string, members: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `steepest ${command} --json`,
    ...object({
      format: { const: 'steepest' },
      version: { const: 1 },
      command: { const: command },
      ...members,
    }),
  };
}

const judgement = object({
  rows: count,
  level: figure,
  measures: record(object({ value: figure, 'low?': figure, 'high?': figure, 'method?': text })),
  'confusion?': object({ classes: texts, counts: list(list(count)) }),
});

const coefficient = object({
  name: text,
  'output?': text,
  estimate: figure,
  'standardError?': figure,
  'statistic?': figure,
  'pValue?': figure,
  'low?': figure,
  'high?': figure,
  'ratio?': figure,
});

const model = object({
  kind: text,
  name: text,
  objective: text,
  'penalty?': text,
  converged: { type: 'boolean' },
  ending: text,
  value: figure,
  gradientNorm: figure,
  'above?': figure,
  'condition?': figure,
});

const treatment = object({ name: text, type: text, how: text });

/** What `--json` prints, by command; version 1. */
export const schemas: Readonly<Record<string, JsonSchema>> = {
  inspect: answer('inspect', {
    file: text,
    rows: count,
    dropped: count,
    columns: list(
      object({
        name: text,
        type: text,
        missing: count,
        distinct: count,
        'mean?': figure,
        'deviation?': figure,
        'least?': figure,
        'quartiles?': list(figure),
        'greatest?': figure,
        'mostFrequent?': object({ value: text, count }),
        'histogram?': text,
      }),
    ),
    warnings: texts,
    schema: { type: 'object' },
    'reasons?': text,
    'target?': text,
    'family?': text,
    'saved?': text,
  }),
  train: answer('train', {
    data: object({
      file: text,
      rows: count,
      dropped: count,
      train: count,
      test: count,
      held: text,
    }),
    target: object({ name: text, type: text, classes: texts }),
    columns: list(treatment),
    leftOut: list(object({ name: text, why: text })),
    model,
    coefficients: list(coefficient),
    'statistic?': { enum: ['t', 'z'] },
    'noErrors?': text,
    training: record(figure),
    'test?': judgement,
    'crossValidation?': object({
      how: text,
      measures: record(object({ mean: figure, standardError: figure })),
    }),
    warnings: list(object({ kind: text, message: text })),
    'saved?': text,
    'report?': text,
    'interrupted?': text,
    seconds: object({ read: figure, fit: figure, judge: figure }),
  }),
  predict: answer('predict', {
    model: text,
    data: text,
    out: text,
    rows: count,
    predicted: text,
  }),
  explain: answer('explain', {
    model: text,
    target: text,
    family: text,
    columns: list(treatment),
    coefficients: list(coefficient),
    'row?': text,
    'scores?': list(
      object({
        'output?': text,
        base: figure,
        offset: figure,
        score: figure,
        prediction: figure,
        contributions: list(object({ column: text, value: text, contribution: figure })),
      }),
    ),
  }),
  path: answer('path', {
    data: text,
    target: text,
    penalty: text,
    how: text,
    by: text,
    points: list(object({ lambda: figure, df: count, mean: figure, standardError: figure })),
    lambdaMin: figure,
    lambda1se: figure,
    coefficients: list(coefficient),
  }),
  check: answer('check', {
    data: text,
    rows: count,
    value: figure,
    exactDisagreement: figure,
    numericDisagreement: figure,
    modes: list(object({ mode: text, passes: count, milliseconds: figure, 'failure?': text })),
  }),
  compare: answer('compare', {
    data: text,
    target: text,
    rows: count,
    runs: list(
      object({
        optimizer: text,
        steps: count,
        seconds: figure,
        value: figure,
        above: figure,
        ending: text,
        losses: list(object({ epoch: figure, loss: figure })),
      }),
    ),
  }),
  export: answer('export', { model: text, to: text, code: text }),
  evaluate: answer('evaluate', { model: text, data: text, target: text, test: judgement }),
};

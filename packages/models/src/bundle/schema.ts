import * as v from 'valibot';
import { warningKinds } from '../checks/warning.ts';
import type { Family } from '../families/family.ts';
import type { Bundle } from './format.ts';

const finite = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const parameter = v.union([finite, v.literal('-0')]);
const number = v.union([finite, v.picklist(['-0', 'NaN', 'Infinity', '-Infinity'])]);
const strength = v.pipe(finite, v.minValue(0));
const texts = v.array(v.string());
const optional = v.exactOptional;

/** Every field of a bundle but `preparation`, which datasets checks itself; other keys are refused. */
const bundleOf = (families: readonly Family[]) =>
  v.strictObject({
    format: v.literal('steepest-model'),
    version: v.literal(1),
    versions: v.strictObject({ models: v.string() }),
    problem: v.strictObject({
      kind: v.picklist(families.map(({ kind }) => kind)),
      settings: optional(v.record(v.string(), finite)),
      l2: v.pipe(finite, v.minValue(0)),
      penalty: optional(
        v.strictObject({
          l1: optional(strength),
          group: optional(strength),
          groups: optional(v.array(texts)),
          standardize: optional(v.literal(true)),
          factors: optional(v.union([v.array(strength), v.record(v.string(), strength)])),
          glmnet: optional(v.literal(true)),
        }),
      ),
      intercept: v.boolean(),
      outputs: v.pipe(count, v.minValue(1), v.maxValue(100_000)),
      classes: optional(texts),
    }),
    preparation: optional(v.unknown()),
    target: v.string(),
    classes: optional(texts),
    weights: optional(v.string()),
    analyticWeights: optional(v.string()),
    classWeights: optional(v.array(strength)),
    offset: optional(v.string()),
    exposure: optional(v.string()),
    names: texts,
    params: v.strictObject({ w: v.array(parameter), b: v.array(parameter) }),
    training: v.strictObject({
      converged: v.boolean(),
      ending: v.string(),
      objective: number,
      gradientNorm: number,
      decrement: number,
      farthest: number,
      gap: optional(number),
      condition: optional(number),
      seed: v.pipe(v.number(), v.safeInteger()),
      warnings: v.array(
        v.strictObject({
          kind: v.picklist(warningKinds),
          message: v.string(),
          columns: optional(texts),
        }),
      ),
      metrics: v.strictObject({
        rows: count,
        ...Object.fromEntries(
          families.flatMap(({ measures }) =>
            Object.keys(measures).map((name) => [name, optional(number)] as const),
          ),
        ),
        confusion: optional(v.array(v.array(count))),
      }),
    }),
  });

/** The value as a bundle, or a TypeError that names the first field that is wrong. */
export function checked(json: unknown, families: readonly Family[]): Bundle {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw wrong('the bundle', 'expected an object');
  }
  const { format, version } = json as Partial<Record<'format' | 'version', unknown>>;
  if (format !== 'steepest-model') {
    throw wrong('format', `expected "steepest-model", got ${shown(format)}: this is no model`);
  }
  if (version !== 1) {
    throw wrong('version', `this program reads version 1, got ${shown(version)}; use a newer one`);
  }
  const result = v.safeParse(bundleOf(families), json, { abortEarly: true });
  if (result.success) return result.output as unknown as Bundle; // each field was checked above
  const [issue] = result.issues;
  throw wrong(
    v.getDotPath(issue) ?? 'the bundle',
    `expected ${issue.expected ?? 'something else'}, got ${issue.received.slice(0, 60)}`,
  );
}

/** The error for a field of a bundle. */
export function wrong(field: string, problem: string): TypeError {
  return new TypeError(`fromBundle: ${field}: ${problem}`);
}

function shown(x: unknown): string {
  return (JSON.stringify(x) ?? String(x)).slice(0, 60);
}
